package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// What a program can do wrong beside asking for nonsense.
var (
	errMediaType    = errors.New("the body is not JSON")
	errTooLarge     = errors.New("the body is too large")
	errPrecondition = errors.New("the precondition does not hold")
	errUnguarded    = errors.New("a precondition is needed")
)

// answer writes a value as JSON. A GET has an ETag, and is answered with 304
// when it is the one that the program has (RFC 9110, section 13.1.2). The tag
// begins with the prefix.
func (d *desk) answer(w http.ResponseWriter, r *http.Request, status int, prefix string, value any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		d.apiFailed(w, r, fmt.Errorf("encode an answer: %w", err))
		return
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	if status == http.StatusOK {
		sum := sha256.Sum256(body.Bytes())
		tag := `"` + prefix + hex.EncodeToString(sum[:8]) + `"`
		header.Set("ETag", tag)
		if r.Method != http.MethodPost {
			header.Set("Cache-Control", "private, no-cache") // to be asked about each time
			header.Set("Vary", "Cookie, Authorization")
			if tagged(r.Header.Values("If-None-Match"), tag) {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
	}
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(body.Bytes()); err != nil {
		d.Log.WarnContext(r.Context(), "an answer could not be written", "path", r.URL.Path, "error", err)
	}
}

// tagged says whether a header such as If-None-Match names the tag.
func tagged(header []string, tag string) bool {
	for _, line := range header {
		for one := range strings.SplitSeq(line, ",") {
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == "*" || one == tag {
				return true
			}
		}
	}
	return false
}

// problem answers with problem details (RFC 9457).
func (d *desk) problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	body, err := json.Marshal(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail})
	if err != nil {
		panic(err) // strings and a number
	}
	header := w.Header()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	header.Del("ETag")
	if status == http.StatusServiceUnavailable {
		header.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

func (d *desk) apiFailed(w http.ResponseWriter, r *http.Request, err error) {
	for known, status := range map[error]int{
		errMediaType: http.StatusUnsupportedMediaType, errTooLarge: http.StatusRequestEntityTooLarge,
		errPrecondition: http.StatusPreconditionFailed, errUnguarded: http.StatusPreconditionRequired,
	} {
		if errors.Is(err, known) {
			d.problem(w, r, status, sentence(err))
			return
		}
	}
	status, message := d.explain(r, err)
	d.problem(w, r, status, message)
}

// sentence makes an error one.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// readBody reads a body of JSON.
func readBody(r *http.Request) ([]byte, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := parameters["charset"]; err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, fmt.Errorf("%w: send it with Content-Type: application/json", errMediaType)
	}
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, fmt.Errorf("%w: it may have at most %d bytes", errTooLarge, large.Limit)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the body ends before its end", errBadRequest)
	}
	return body, nil
}

// readJSON reads a body of JSON into value, whose fields are all that it may have.
func readJSON(r *http.Request, value any) error {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return fmt.Errorf("%w: %s", errBadRequest, strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fmt.Errorf("%w: something follows the JSON", errBadRequest)
	}
	return nil
}

// nothing answers under the API's addresses where no other route does: there
// is nothing there, or not for this method.
func nothing(d *desk, mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var methods []string
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "/api/" && strings.Contains(pattern, "/api/") {
				methods = append(methods, method)
			}
		}
		if len(methods) == 0 || slices.Contains(methods, r.Method) {
			d.problem(w, r, http.StatusNotFound, "There is nothing at this address.")
			return
		}
		w.Header().Set("Allow", strings.Join(methods, ", "))
		d.problem(w, r, http.StatusMethodNotAllowed, "This address takes "+strings.Join(methods, " and ")+" only.")
	}
}
