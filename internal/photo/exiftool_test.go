package photo_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exiftool is the command and the folder that it writes into.
type exiftool struct {
	t       *testing.T
	command string
	folder  string
}

func (e exiftool) path(name string) string { return filepath.Join(e.folder, name) }

func (e exiftool) wrote(pattern string) bool {
	found, _ := filepath.Glob(e.path(pattern))
	return len(found) > 0
}

// run starts ExifTool once for all the commands, each a list of arguments.
func (e exiftool) run(commands [][]string) []byte {
	var in bytes.Buffer
	w := bufio.NewWriter(&in)
	for _, arguments := range commands {
		for _, a := range arguments {
			fmt.Fprintln(w, strings.ReplaceAll(a, "\n", "&#xa;"))
		}
		fmt.Fprintln(w, "-execute")
	}
	w.Flush()
	c := exec.Command(e.command, "-@", "-")
	c.Stdin = &in
	c.Dir = e.folder
	var errors bytes.Buffer
	c.Stderr = &errors
	out, err := c.Output()
	if err != nil && len(out) == 0 {
		e.t.Logf("%s: %v: %.2000s", e.command, err, errors.String())
	}
	return out
}

// tags reads the files, by their base names.
func (e exiftool) tags(options, paths []string) map[string]map[string]any {
	all := map[string]map[string]any{}
	if len(paths) == 0 {
		return all
	}
	arguments := slices.Concat([]string{"-j", "-G1:4", "-a", "-n", "-charset", "filename=UTF8"}, options)
	for _, p := range paths {
		absolute, err := filepath.Abs(p)
		if err != nil {
			e.t.Fatal(err)
		}
		arguments = append(arguments, absolute)
	}
	d := json.NewDecoder(bytes.NewReader(e.run([][]string{arguments})))
	d.UseNumber()
	var list []map[string]any
	if err := d.Decode(&list); err != nil {
		e.t.Fatalf("ExifTool's JSON: %v", err)
	}
	for _, tags := range list {
		all[filepath.Base(tags["SourceFile"].(string))] = tags
	}
	return all
}

// readMade reads the made pictures, each with its options. Those that
// ExifTool cannot decode are left out.
func (e exiftool) readMade(pictures []made) map[string]map[string]any {
	byOptions := map[string][]made{}
	for _, p := range pictures {
		key := strings.Join(p.read, " ")
		byOptions[key] = append(byOptions[key], p)
	}
	all := map[string]map[string]any{}
	for key, group := range byOptions {
		if key == unread[0] {
			continue
		}
		var paths []string
		for _, p := range group {
			paths = append(paths, e.path(p.name))
		}
		maps.Copy(all, e.tags(group[0].read, paths))
	}
	return all
}

// writeMade writes the made pictures.
func writeMade(e exiftool) []made {
	pictures := allMade(e.t)
	var commands [][]string
	blocks := e.t.TempDir()
	for _, p := range pictures {
		if err := os.WriteFile(e.path(p.name), p.plain, 0o644); err != nil {
			e.t.Fatal(err)
		}
		for name, data := range p.files {
			if err := os.WriteFile(filepath.Join(blocks, name), data, 0o644); err != nil {
				e.t.Fatal(err)
			}
		}
		if len(p.write) == 0 {
			continue
		}
		arguments := []string{"-overwrite_original", "-q", "-m"}
		for _, a := range p.write {
			if tag, file, ok := strings.Cut(a, "<="); ok {
				a = tag + "<=" + filepath.Join(blocks, file)
			}
			arguments = append(arguments, a)
		}
		commands = append(commands, append(arguments, e.path(p.name)))
	}
	e.run(commands)
	for _, p := range pictures {
		b, err := os.ReadFile(e.path(p.name))
		if err != nil {
			e.t.Fatal(err)
		}
		if len(p.write) > 0 && bytes.Equal(b, p.plain) {
			e.t.Errorf("ExifTool did not write %s", p.name)
		}
	}
	return pictures
}
