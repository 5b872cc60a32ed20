package writeback

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"cutline/internal/photo"
)

// Photoshop image resources (Adobe Photoshop File Formats Specification,
// "Image Resource IDs").
const (
	resourceIIM    = 0x0404
	resourceDigest = 0x0425 // MD5 of the IIM block, by which readers see that it changed
)

// resourceKinds are the signatures that programs write before a resource.
var resourceKinds = []string{"8BIM", "PHUT", "DCSR", "AgHg", "MeSa"}

// declaredUTF8 is the value of dataset 1:90 for UTF-8 (IIM 4.2, section 1:90;
// ISO 2022 announces it with ESC % G).
const declaredUTF8 = "\x1b%G"

// maxDataset is the longest text that a standard dataset holds, in bytes (IIM
// 4.2, section 1.5 b). 2:120 should end at 2,000; readers take more, and a
// caption cut short says less than one that is too long.
const maxDataset = 0x7FFF

type resource struct {
	kind string // "8BIM", or another program's
	id   uint16
	name []byte // Pascal string with its padding
	data []byte
}

// withIIM returns the image resources with the texts in their IIM block.
func withIIM(block []byte, texts Texts) ([]byte, error) {
	resources, err := parseResources(block)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(resources, func(r resource) bool { return r.id == resourceIIM })
	if at < 0 {
		at = len(resources)
		resources = append(resources, resource{kind: "8BIM", id: resourceIIM, name: []byte{0, 0}})
	}
	datasets, err := parseDatasets(resources[at].data)
	if err != nil {
		return nil, err
	}
	if datasets, err = setDatasets(datasets, texts); err != nil {
		return nil, err
	}
	resources[at].data = encodeDatasets(datasets)
	sum := md5.Sum(resources[at].data)
	for i := range resources {
		if resources[i].id == resourceDigest {
			resources[i].data = sum[:]
		}
	}
	return encodeResources(resources), nil
}

func parseResources(block []byte) ([]resource, error) {
	damaged := fmt.Errorf("the Photoshop resources are damaged: %w", ErrSidecar)
	var resources []resource
	for len(block) > 0 {
		if len(bytes.Trim(block, "\x00")) == 0 {
			break
		}
		if len(block) < 8 || !slices.Contains(resourceKinds, string(block[:4])) {
			return nil, damaged
		}
		id := binary.BigEndian.Uint16(block[4:])
		name := 1 + int(block[6])
		name += name & 1
		if len(block) < 6+name+4 {
			return nil, damaged
		}
		size := int64(binary.BigEndian.Uint32(block[6+name:]))
		data := block[6+name+4:]
		if size > int64(len(data)) {
			return nil, damaged
		}
		resources = append(resources, resource{string(block[:4]), id, block[6 : 6+name], data[:size]})
		block = data[min(size+size&1, int64(len(data))):]
	}
	return resources, nil
}

func encodeResources(resources []resource) []byte {
	var b []byte
	for _, r := range resources {
		b = append(b, r.kind...)
		b = binary.BigEndian.AppendUint16(b, r.id)
		b = append(b, r.name...)
		b = binary.BigEndian.AppendUint32(b, uint32(len(r.data))) // #nosec G115 -- within maxHeader
		b = append(b, r.data...)
		if len(r.data)%2 == 1 {
			b = append(b, 0)
		}
	}
	return b
}

// dataset is one field of IIM: record and number, and its value.
type dataset struct {
	record, number byte
	value          []byte
}

func parseDatasets(b []byte) ([]dataset, error) {
	damaged := fmt.Errorf("the IPTC block is damaged: %w", ErrSidecar)
	var all []dataset
	for len(bytes.Trim(b, "\x00")) > 0 {
		if len(b) < 5 || b[0] != 0x1C {
			return nil, damaged
		}
		size := int(binary.BigEndian.Uint16(b[3:]))
		if size > maxDataset || len(b) < 5+size { // extended datasets hold no texts
			return nil, damaged
		}
		all = append(all, dataset{b[1], b[2], b[5 : 5+size]})
		b = b[5+size:]
	}
	return all, nil
}

func encodeDatasets(all []dataset) []byte {
	var b []byte
	for _, d := range all {
		b = append(b, 0x1C, d.record, d.number)
		b = binary.BigEndian.AppendUint16(b, uint16(len(d.value))) // #nosec G115 -- within maxDataset
		b = append(b, d.value...)
	}
	return b
}

// setDatasets puts the texts into the datasets, in UTF-8 and declared so.
func setDatasets(all []dataset, texts Texts) ([]dataset, error) {
	all, err := inUTF8(all)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		text, ok := texts[p.name]
		if !ok || p.iim == 0 {
			continue
		}
		values, err := iimValues(p, text)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			if len(v.value) > maxDataset {
				return nil, fmt.Errorf("the %s is too long for IPTC: %w", p.name, ErrSidecar)
			}
			all = set(all, v)
		}
	}
	return all, nil
}

// iimValues are the datasets of a text: a date and time takes two, 2:55 as
// CCYYMMDD and 2:60 as HHMMSS±HHMM.
func iimValues(p place, text string) ([]dataset, error) {
	if p.name != photo.DateCreated {
		return []dataset{{2, p.iim, []byte(text)}}, nil
	}
	day, clock, _ := strings.Cut(text, "T")
	digits := strings.ReplaceAll(day, "-", "")
	if len(digits) != 8 {
		return nil, fmt.Errorf("the date %q is not of the form YYYY-MM-DD", text)
	}
	values := []dataset{{2, 55, []byte(digits)}}
	if clock != "" {
		clock = strings.NewReplacer(":", "", "Z", "+0000").Replace(clock)
		values = append(values, dataset{2, 60, []byte(clock)})
	}
	return values, nil
}

// set replaces the first dataset of that number and removes the others, or
// puts a new one behind the last of the same or an earlier number.
func set(all []dataset, d dataset) []dataset {
	same := func(e dataset) bool { return e.record == d.record && e.number == d.number }
	at := slices.IndexFunc(all, same)
	all = slices.DeleteFunc(all, same)
	if at < 0 {
		at = 0
		for i, e := range all {
			if e.record < d.record || e.record == d.record && e.number < d.number {
				at = i + 1
			}
		}
	}
	return slices.Insert(all, at, d)
}

// inUTF8 returns the datasets with their texts in UTF-8 and 1:90 saying so.
// Texts without a declared character set are UTF-8 or Latin-1, as in reading.
func inUTF8(all []dataset) ([]dataset, error) {
	var declared []byte
	for _, d := range all {
		if d.record == 1 && d.number == 90 {
			declared = bytes.TrimSpace(d.value)
		}
	}
	if string(declared) == declaredUTF8 {
		return all, nil
	}
	for i, d := range all {
		if d.record != 2 || d.number == 0 || d.number >= 200 || plainASCII(d.value) { // 2:00 and 2:200 to 2:202 are binary
			continue
		}
		text, ok := photo.IIMText(d.value, declared)
		if !ok || len(text) > maxDataset {
			return nil, fmt.Errorf("the IPTC block cannot be turned into UTF-8: %w", ErrSidecar)
		}
		all[i].value = []byte(text)
	}
	all = set(all, dataset{1, 90, []byte(declaredUTF8)})
	if !slices.ContainsFunc(all, func(d dataset) bool { return d.record == 2 && d.number == 0 }) {
		all = set(all, dataset{2, 0, []byte{0, 4}}) // record version 4, mandatory
	}
	return all, nil
}

// plainASCII says whether a value is the same in every character set but
// those of two bytes a letter: dates and codes are, whatever is declared.
func plainASCII(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && c != '+' && c != '-' {
			return false
		}
	}
	return true
}
