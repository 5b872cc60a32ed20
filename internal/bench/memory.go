package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// memory measures the largest resident set of a check of a picture of 1 GB
// whose metadata stand at its end.
func memory(work string) ([]row, error) {
	const size = 1 << 30
	path := filepath.Join(work, "large.tif")
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := "A ship in the harbour of Oban. REUTERS/Joan Baird\x00"
	directory := []byte{1, 0}
	directory = binary.LittleEndian.AppendUint16(directory, 0x010E) // ImageDescription
	directory = binary.LittleEndian.AppendUint16(directory, 2)
	directory = binary.LittleEndian.AppendUint32(directory, uint32(len(text)))
	directory = binary.LittleEndian.AppendUint32(directory, uint32(size-len(text)))
	directory = append(directory, 0, 0, 0, 0)
	at := int64(size - 4096)
	head := binary.LittleEndian.AppendUint32([]byte("II*\x00"), uint32(at))
	for offset, data := range map[int64][]byte{0: head, at: directory, int64(size - len(text)): []byte(text)} {
		if _, err := f.WriteAt(data, offset); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command(filepath.Join(work, "cutline"), "check", "--json", path)
	if err := cmd.Run(); err != nil {
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
			return nil, fmt.Errorf("check a picture of 1 GB: %w", err)
		}
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return nil, nil
	}
	return []row{{what: "memory, a TIFF of 1 GB", ours: fmt.Sprintf("%d MB", usage.Maxrss>>10), goal: "128 MB"}}, nil
}
