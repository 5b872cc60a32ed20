package store

import (
	"bytes"
	"compress/zlib"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"
)

// What is written costs by whole kilobytes, in the table and once more in each
// index, and a report is mostly the same words. So in an item of more than a
// kilobyte the document is packed: a binary attribute, zlib (RFC 1950) with a
// dictionary. A report of 2 to 5 KB takes one kilobyte then, keys included. A
// smaller item would cost nothing less, and stays as it is.

// dictionary is what documents have in common, what is most common at its end.
// What is stored can be read only with the very same: it is never changed.
//
//go:embed dictionary.txt
var dictionary []byte

const (
	packAbove   = 1024    // bytes of an item
	maxUnpacked = 8 << 20 // bytes of a document; an item has 400 KB
)

// packers are kept, since each has tables of a megabyte.
var packers = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevelDict(io.Discard, zlib.DefaultCompression, dictionary)
	if err != nil {
		panic(err) // a level that there is not
	}
	return w
}}

func pack(document string) []byte {
	var packed bytes.Buffer
	w := packers.Get().(*zlib.Writer)
	defer packers.Put(w)
	w.Reset(&packed)
	io.WriteString(w, document) // a buffer takes everything
	w.Close()
	return packed.Bytes()
}

func unpack(packed []byte) (string, error) {
	r, err := zlib.NewReaderDict(bytes.NewReader(packed), dictionary)
	if err != nil {
		return "", fmt.Errorf("a packed document: %w", err)
	}
	var document strings.Builder
	n, err := io.Copy(&document, io.LimitReader(r, maxUnpacked))
	if err != nil {
		return "", fmt.Errorf("a packed document: %w", err)
	}
	if n == maxUnpacked {
		return "", fmt.Errorf("a packed document is longer than %d bytes", maxUnpacked)
	}
	return document.String(), nil
}
