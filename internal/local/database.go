package local

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
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

// database is DynamoDB in memory, with a journal of the requests that changed
// it. What was answered is in the journal, so a kill loses nothing; at start
// the journal is replayed.
type database struct {
	handler http.Handler
	mu      sync.RWMutex // changes come one after the other, as the journal has them
	journal *os.File
	index   *index
	stream  *stream // of the changes; nil while nobody listens
}

// compactAbove is how large a journal may be before a start writes it anew, in
// bytes.
const compactAbove = 64 << 20

// openDatabase replays the journal at the path, which is made if it is not there.
func openDatabase(path string) (*database, error) {
	d := &database{handler: server.NewServer(), index: newIndex()}
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
func (d *database) replay(f *os.File) (good int64, err error) {
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
		if status, answer := d.send(string(entry[:n]), entry[n:]); status != http.StatusOK && !strings.Contains(string(answer), "ResourceInUse") {
			return 0, fmt.Errorf("the entry at byte %d is refused: %s", good, answer)
		}
		if _, err := d.keep(string(entry[:n]), entry[n:]); err != nil {
			return 0, fmt.Errorf("the entry at byte %d: %w", good, err)
		}
		good += 8 + n + m
	}
}

func (d *database) send(target string, body []byte) (int, []byte) {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

const operations = "DynamoDB_20120810."

// compact writes a journal that makes the tables as they are now.
func (d *database) compact(path string) error {
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	old, err := os.Open(path)
	if err != nil {
		return err
	}
	defer old.Close()
	// The tables as they were made, then each item once.
	tables, err := createTables(old)
	if err != nil {
		return err
	}
	for name, create := range tables {
		if err := writeEntry(w, operations+"CreateTable", create); err != nil {
			return err
		}
		if err := d.copyItems(w, name); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func createTables(f *os.File) (map[string][]byte, error) {
	tables := map[string][]byte{}
	r := bufio.NewReaderSize(f, 1<<20)
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return tables, nil
		}
		entry := make([]byte, int64(binary.BigEndian.Uint32(head[:]))+int64(binary.BigEndian.Uint32(head[4:])))
		if _, err := io.ReadFull(r, entry); err != nil {
			return tables, nil
		}
		n := binary.BigEndian.Uint32(head[:])
		if string(entry[:n]) != operations+"CreateTable" {
			continue
		}
		var in struct{ TableName string }
		if err := json.Unmarshal(entry[n:], &in); err != nil {
			return nil, err
		}
		tables[in.TableName] = entry[n:]
	}
}

func (d *database) copyItems(w io.Writer, table string) error {
	var start json.RawMessage
	for {
		body, err := json.Marshal(map[string]any{"TableName": table, "Limit": 500, "ExclusiveStartKey": start})
		if start == nil {
			body, err = json.Marshal(map[string]any{"TableName": table, "Limit": 500})
		}
		if err != nil {
			return err
		}
		status, answer := d.send(operations+"Scan", body)
		var page struct {
			Items            []json.RawMessage
			LastEvaluatedKey json.RawMessage
		}
		if err := json.Unmarshal(answer, &page); err != nil || status != http.StatusOK {
			return fmt.Errorf("scan %s: %s", table, answer)
		}
		for _, item := range page.Items {
			put, err := json.Marshal(map[string]any{"TableName": table, "Item": item})
			if err != nil {
				return err
			}
			if err := writeEntry(w, operations+"PutItem", put); err != nil {
				return err
			}
		}
		if len(page.LastEvaluatedKey) <= 4 { // {} or null
			return nil
		}
		start = page.LastEvaluatedKey
	}
}

// maxRequest is DynamoDB's own bound, in bytes.
const maxRequest = 16 << 20

func (d *database) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	target := r.Header.Get("X-Amz-Target")
	answer := httptest.NewRecorder()
	if changes(target) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if err := d.change(answer, r, target, body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	} else {
		d.mu.RLock()
		defer d.mu.RUnlock()
		if target != operations+"Query" || !d.answerQuery(answer, body) {
			d.handler.ServeHTTP(answer, r)
		}
	}
	maps.Copy(w.Header(), answer.Header())
	// The SDK compares every answer with it, as DynamoDB sends it.
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(answer.Body.Bytes())), 10))
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

// change carries a request out, and then writes it down, brings the index up to
// date and tells the stream. The caller holds the lock.
func (d *database) change(answer *httptest.ResponseRecorder, r *http.Request, target string, body []byte) error {
	before := d.before(target, body)
	d.handler.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		return nil
	}
	if err := writeEntry(d.journal, target, body); err != nil {
		return fmt.Errorf("the journal cannot be written: %w", err)
	}
	after, err := d.keep(target, body)
	if err != nil {
		return fmt.Errorf("the index cannot be kept: %w", err)
	}
	if d.stream != nil {
		d.stream.add(before, after)
	}
	return nil
}

// changes says whether the operation changes a table.
func changes(target string) bool {
	switch strings.TrimPrefix(target, operations) {
	case "PutItem", "DeleteItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems", "CreateTable", "DeleteTable", "UpdateTable":
		return true
	}
	return false
}

func (d *database) Close() error { return d.journal.Close() }
