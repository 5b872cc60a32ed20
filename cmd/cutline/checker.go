package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cutline/internal/check"
	"cutline/internal/rules"
)

// packs is the flag that names a desk's own rules.
type packs struct {
	Rules []string `name:"rules" type:"path" placeholder:"PACK" help:"A desk's own rule pack, a folder or a YAML file, over the built-in ones. May be given several times."`
}

// load reads the built-in rules with the desk's own over them.
func (p packs) load() (*rules.Rules, error) {
	own := make([]fs.FS, 0, len(p.Rules))
	for _, name := range p.Rules {
		pack, err := openPack(name)
		if err != nil {
			return nil, err
		}
		own = append(own, pack)
	}
	return rules.Load(own...)
}

// checker returns a checker by these rules.
func (p packs) checker() (*check.Checker, error) {
	loaded, err := p.load()
	if err != nil {
		return nil, err
	}
	return &check.Checker{Rules: loaded, Version: cutlineVersion()}, nil
}

// openPack opens a folder of YAML files, or a single one.
func openPack(name string) (fs.FS, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("rule pack: %w", err)
	}
	if info.IsDir() {
		return os.DirFS(name), nil
	}
	return oneFile{os.DirFS(filepath.Dir(name)), fs.FileInfoToDirEntry(info)}, nil
}

// oneFile is a folder in which only one file can be found.
type oneFile struct {
	fs.FS
	entry fs.DirEntry
}

func (f oneFile) ReadDir(string) ([]fs.DirEntry, error) {
	return []fs.DirEntry{f.entry}, nil
}
