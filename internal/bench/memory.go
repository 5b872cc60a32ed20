package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// large is the caption of the pictures that memory is measured with. It has
// them read whole.
const large = "A train in Wonsan. Photo provided by the North Korean government. (KCNA via AP)"

// commandMemory measures the largest resident set of the command as it checks
// a large picture. It comes first of all: a new process's peak begins at that
// of the one that started it.
func commandMemory(b *bench) ([]row, error) {
	tiff, err := largeTIFF(filepath.Join(b.work, "large.tif"), large)
	if err != nil {
		return nil, err
	}
	defer tiff.Close()
	cmd := exec.Command(b.program("cutline"), "check", "--json", tiff.Name())
	if err := cmd.Run(); err != nil {
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
			return nil, fmt.Errorf("check a picture of 1 GB: %w", err)
		}
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return nil, nil
	}
	return []row{{what: "memory of the command, a TIFF of 1 GB", ours: fmt.Sprintf("%d MB", usage.Maxrss>>10)}}, nil
}

// largeTIFF is one of 1 GB, black, whose directory stands at its end.
func largeTIFF(path, text string) (*os.File, error) {
	const (
		width, height, rows = 20000, 17800, 100
		strips, strip       = height / rows, width * rows * 3
		data                = 8
		places              = data + strips*strip
		sizes               = places + 4*strips
		words               = sizes + 4*strips
		entries             = words + 1024
	)
	le := binary.LittleEndian
	var offsets, lengths, directory []byte
	for i := range uint32(strips) {
		offsets, lengths = le.AppendUint32(offsets, data+i*strip), le.AppendUint32(lengths, strip)
	}
	tags := [][4]uint32{
		{0x0100, 4, 1, width}, {0x0101, 4, 1, height}, {0x0102, 3, 1, 8}, {0x0103, 3, 1, 1}, {0x0106, 3, 1, 2}, {0x010E, 2, uint32(len(text)), words},
		{0x0111, 4, strips, places}, {0x0115, 3, 1, 3}, {0x0116, 4, 1, rows}, {0x0117, 4, strips, sizes},
	}
	directory = le.AppendUint16(directory, uint16(len(tags)))
	for _, t := range tags {
		directory = le.AppendUint16(le.AppendUint16(directory, uint16(t[0])), uint16(t[1]))
		directory = le.AppendUint32(le.AppendUint32(directory, t[2]), t[3])
	}
	directory = append(directory, 0, 0, 0, 0)
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	for at, b := range map[int64][]byte{0: le.AppendUint32([]byte("II*\x00"), entries), places: offsets, sizes: lengths, words: []byte(text), entries: directory} {
		if _, err := f.WriteAt(b, at); err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}
