package credential

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// find returns where the manifest store of a file lies.
func find(t testing.TB, data []byte, format string) *embedding {
	t.Helper()
	at, err := locate(&source{r: bytes.NewReader(data), size: int64(len(data))}, format)
	if err != nil || at == nil {
		t.Fatalf("no manifest store: %v", err)
	}
	return at
}

// A damage changes a signed file.
type damage func(t testing.TB, data []byte, format string) []byte

// flip changes a byte of the store, so many after the last place of a text.
func flip(text string, after int) damage {
	return func(t testing.TB, data []byte, format string) []byte {
		at := find(t, data, format)
		store := data[at.pieces[0].start:at.pieces[0].end]
		i := bytes.LastIndex(store, []byte(text))
		if i < 0 {
			t.Fatalf("%q is not in the store", text)
		}
		store[i+after] ^= 1
		return data
	}
}

// flipFile changes a byte of a text anywhere in the file.
func flipFile(text string) damage {
	return func(t testing.TB, data []byte, _ string) []byte {
		i := bytes.Index(data, []byte(text))
		if i < 0 {
			t.Fatalf("%q is not in the file", text)
		}
		data[i] ^= 1
		return data
	}
}

// flipLast changes a byte of the last place of a text in the file.
func flipLast(text string) damage {
	return func(t testing.TB, data []byte, _ string) []byte {
		data[bytes.LastIndex(data, []byte(text))] ^= 1
		return data
	}
}

// flipPixel changes a byte of the picture's data.
func flipPixel(t testing.TB, data []byte, format string) []byte {
	at := find(t, data, format)
	i := len(data) - 12
	if format == "tiff" {
		i = 100 // its directory stands last
	}
	if int64(i) >= at.hole.start && int64(i) < at.hole.end {
		i = int(at.hole.start) - 12
	}
	data[i] ^= 1
	return data
}

// swap replaces a text of the store by one as long, everywhere.
func swap(old, new string) damage {
	return func(t testing.TB, data []byte, _ string) []byte {
		if !bytes.Contains(data, []byte(old)) || len(old) != len(new) {
			t.Fatalf("%q is not in the store", old)
		}
		return bytes.ReplaceAll(data, []byte(old), []byte(new))
	}
}

// cut drops the last bytes of the file.
func cut(n int) damage {
	return func(_ testing.TB, data []byte, _ string) []byte { return data[:len(data)-n] }
}

// appended puts bytes after the file's end.
func appended(t testing.TB, data []byte, _ string) []byte { return append(data, "more"...) }

// commented puts a comment segment into a JPEG, before its first scan.
func commented(t testing.TB, data []byte, _ string) []byte {
	i := bytes.Index(data, []byte{0xFF, 0xDB})
	return append(append(append([]byte{}, data[:i]...), "\xFF\xFE\x00\x06note"...), data[i:]...)
}

// rebox rewrites the store of a JPEG or PNG with its boxes changed.
func rebox(change func(root *superbox)) damage {
	return func(t testing.TB, data []byte, format string) []byte {
		at := find(t, data, format)
		src := &source{r: bytes.NewReader(data), size: int64(len(data))}
		store, err := src.store(at.pieces)
		if err != nil {
			t.Fatal(err)
		}
		root, err := parseJUMBF(store)
		if err != nil {
			t.Fatal(err)
		}
		change(root)
		return embed(data, at.hole, writeSuper(root), format)
	}
}

// embed puts a store in the place of another.
func embed(data []byte, hole span, store []byte, format string) []byte {
	var wrapped []byte
	switch format {
	case "png":
		wrapped = binary.BigEndian.AppendUint32(nil, uint32(len(store)))
		wrapped = append(append(wrapped, "caBX"...), store...)
		wrapped = binary.BigEndian.AppendUint32(wrapped, crc32.ChecksumIEEE(wrapped[4:]))
	case "jpeg":
		const most = 64000
		for z := 1; len(store) > 0; z++ {
			n := min(most, len(store))
			head := []byte{'J', 'P', 2, 0x11, 0, 0, 0, byte(z)}
			if z > 1 {
				head = append(head, wrapped[12:20]...) // LBox and TBox again
			}
			wrapped = binary.BigEndian.AppendUint16(append(wrapped, 0xFF, 0xEB), uint16(2+len(head)+n))
			wrapped = append(append(wrapped, head...), store[:n]...)
			store = store[n:]
		}
	}
	return append(append(append([]byte{}, data[:hole.start]...), wrapped...), data[hole.end:]...)
}

// writeSuper writes a superbox from its description and its boxes.
func writeSuper(s *superbox) []byte {
	desc := s.content[:binary.BigEndian.Uint32(s.content)]
	body := append([]byte{}, desc...)
	for _, b := range s.boxes {
		if b.super != nil {
			body = append(body, writeSuper(b.super)...)
		} else {
			body = append(body, writeBox(b.kind, b.data)...)
		}
	}
	return writeBox("jumb", body)
}

func writeBox(kind string, body []byte) []byte {
	head := append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...)
	return append(head, body...)
}

// child returns the superbox of a label, below another.
func (s *superbox) child(label string) *superbox {
	for _, b := range s.boxes {
		if b.super == nil {
			continue
		}
		if b.super.label == label {
			return b.super
		}
		if c := b.super.child(label); c != nil {
			return c
		}
	}
	return nil
}

// without drops the boxes of a label.
func (s *superbox) without(label string) {
	var kept []jumbfBox
	for _, b := range s.boxes {
		if b.super != nil && b.super.label == label {
			continue
		}
		kept = append(kept, b)
	}
	s.boxes = kept
}

// last returns the active manifest.
func (s *superbox) last() *superbox { return s.boxes[len(s.boxes)-1].super }

// flipSignature changes a byte in the middle of the claim's signature.
func flipSignature(t testing.TB, data []byte, format string) []byte {
	at := find(t, data, format)
	all, err := parseStores(data[at.pieces[0].start:at.pieces[0].end], nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := parseSignature(all[len(all)-1].cose)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.LastIndex(data, s.Signature)
	data[i+len(s.Signature)/2] ^= 1
	return data
}

// growBox makes the box around a label reach past its superbox.
func growBox(label string) damage {
	return func(t testing.TB, data []byte, format string) []byte {
		at := find(t, data, format)
		store := data[at.pieces[0].start:at.pieces[0].end]
		// Before the label: LBox and "jumb", LBox and "jumd", UUID, toggles.
		for i := 33; i < len(store); i++ {
			if bytes.HasPrefix(store[i:], []byte(label+"\x00")) && string(store[i-29:i-25]) == "jumb" {
				store[i-33+1] ^= 1
				return data
			}
		}
		t.Fatalf("no box %q", label)
		return data
	}
}

// attachPayload puts a payload into the signature: the claim, or another.
func attachPayload(other bool) func(*superbox) {
	return func(root *superbox) {
		m := root.last()
		claim, sig := m.child("c2pa.claim.v2"), m.child("c2pa.signature")
		payload := bytes.Clone(claim.boxes[0].data)
		if other {
			payload[len(payload)-1] ^= 1
		}
		cose := bytes.Clone(sig.boxes[0].data)
		// The signature is the last item; before it stands the null payload.
		s, err := parseSignature(cose)
		if err != nil {
			panic(err)
		}
		i := bytes.LastIndex(cose, s.Signature) - 1
		for cose[i] != 0xF6 {
			i--
		}
		head := binary.BigEndian.AppendUint16([]byte{0x59}, uint16(len(payload)))
		sig.boxes[0].data = append(append(append(bytes.Clone(cose[:i]), head...), payload...), cose[i+1:]...)
	}
}
