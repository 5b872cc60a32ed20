package local

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/truora/minidyn/server"
)

// Database is DynamoDB in memory, with a journal of the requests that changed
// it. What was answered is in the journal, so a kill loses nothing; at start
// the journal is replayed.
type Database struct {
	mu      sync.RWMutex // changes come one after the other, as the journal has them
	journal *os.File
	items   *items
	bench   http.Handler // minidyn, with the tables but no items between requests
	stream  *stream      // of the changes; nil while nobody listens
}

// compactAbove is how large a journal may be before a start writes it anew, in
// bytes.
const compactAbove = 64 << 20

// OpenDatabase replays the journal at the path, which is made if it is not
// there. One process may have it open.
func OpenDatabase(path string) (*Database, error) {
	d := &Database{items: newItems(), bench: server.NewServer()}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	good, err := d.replay(f)
	if err != nil {
		return nil, fmt.Errorf("journal %s: %w", path, errors.Join(err, f.Close()))
	}
	if good > compactAbove {
		if err := d.compact(path); err != nil {
			return nil, fmt.Errorf("journal %s: %w", path, errors.Join(err, f.Close()))
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
		if f, err = os.OpenFile(path, os.O_RDWR, 0o600); err != nil {
			return nil, err
		}
		if good, err = f.Seek(0, io.SeekEnd); err != nil {
			return nil, err
		}
	}
	// A kill may have cut the last entry: what it said was never answered.
	if err := f.Truncate(good); err != nil {
		return nil, err
	}
	if _, err := f.Seek(good, io.SeekStart); err != nil {
		return nil, err
	}
	d.journal = f
	return d, nil
}

// An entry is the length of the operation's name and of the body, both as
// four bytes, and the two.
func writeEntry(w io.Writer, target string, body []byte) error {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(target))) // #nosec G115 -- a header
	head = binary.BigEndian.AppendUint32(head, uint32(len(body)))   // #nosec G115 -- the server bounds bodies
	_, err := w.Write(append(append(head, target...), body...))
	return err
}

// replay returns how many bytes of the journal hold whole entries.
func (d *Database) replay(f *os.File) (good int64, err error) {
	r := bufio.NewReaderSize(f, 1<<20)
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return good, nil
		}
		n, m := int64(binary.BigEndian.Uint32(head[:])), int64(binary.BigEndian.Uint32(head[4:]))
		if n > 1<<10 || m > 1<<25 {
			return 0, fmt.Errorf("no entry at byte %d", good)
		}
		entry := make([]byte, n+m)
		if _, err := io.ReadFull(r, entry); err != nil {
			return good, nil
		}
		answer, _, _, err := d.apply(string(entry[:n]), entry[n:])
		if err != nil {
			return 0, fmt.Errorf("the entry at byte %d: %w", good, err)
		}
		if answer.Code != http.StatusOK && !strings.Contains(answer.Body.String(), "ResourceInUse") {
			return 0, fmt.Errorf("the entry at byte %d is refused: %s", good, answer.Body)
		}
		good += 8 + n + m
	}
}

const operations = "DynamoDB_20120810."

// compact writes a journal that makes the tables as they are now.
func (d *Database) compact(path string) error {
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	for name, t := range d.items.tables {
		for _, r := range t.schema {
			if err := writeEntry(w, r.target, r.body); err != nil {
				return err
			}
		}
		for _, item := range t.items {
			if err := writeEntry(w, operations+"PutItem", marshal(map[string]any{"TableName": name, "Item": item})); err != nil {
				return err
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// maxRequest is DynamoDB's own bound, in bytes.
const maxRequest = 16 << 20

// ServeHTTP answers a request of DynamoDB's JSON protocol.
func (d *Database) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	answer, err := d.serve(r.Header.Get("X-Amz-Target"), body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	maps.Copy(w.Header(), answer.Header())
	// The SDK compares every answer with it, as DynamoDB sends it.
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(answer.Body.Bytes())), 10))
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

func (d *Database) serve(target string, body []byte) (*httptest.ResponseRecorder, error) {
	if changes(target) {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.change(target, body)
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if raw, ok := d.items.answer(target, body); ok {
		answer := httptest.NewRecorder()
		answer.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, err := answer.Write(raw)
		return answer, err
	}
	return d.whole(target, body)
}

// change carries a request out, writes it down, and tells the stream. The
// caller holds the lock.
func (d *Database) change(target string, body []byte) (*httptest.ResponseRecorder, error) {
	answer, before, after, err := d.apply(target, body)
	if err != nil {
		return nil, err
	}
	if answer.Code != http.StatusOK {
		return answer, nil
	}
	if err := writeEntry(d.journal, target, body); err != nil {
		return nil, fmt.Errorf("the journal cannot be written: %w", err)
	}
	if d.stream != nil {
		d.stream.add(before, after)
	}
	return answer, nil
}

// changes says whether the operation changes a table.
func changes(target string) bool {
	switch strings.TrimPrefix(target, operations) {
	case "PutItem", "DeleteItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems", "CreateTable", "DeleteTable", "UpdateTable":
		return true
	}
	return false
}

// Close ends the journal; nothing is asked of the database after.
func (d *Database) Close() error { return d.journal.Close() }
