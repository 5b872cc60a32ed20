package check

import (
	"io"

	"cutline/internal/photo"
)

// tap hands on what is read through it, and keeps some parts.
type tap struct {
	from  io.Reader
	to    io.Writer // never fails
	clips []clip
	n     int64 // bytes so far
	err   error // io.EOF at the end
}

// clip is a part of a stream that is kept.
type clip struct {
	photo.Preview
	data []byte
}

// maxClip bounds one preview, in bytes.
const maxClip = 2 << 20

func clipsOf(previews []photo.Preview) []clip {
	var clips []clip
	for _, p := range previews {
		if p.Size <= maxClip {
			clips = append(clips, clip{Preview: p})
		}
	}
	return clips
}

func (t *tap) Read(b []byte) (int, error) {
	n, err := t.from.Read(b)
	t.to.Write(b[:n])
	for i := range t.clips {
		t.clips[i].take(b[:n], t.n)
	}
	t.n += int64(n)
	t.err = err
	return n, err
}

// take keeps what of the bytes at an offset belongs to the clip.
func (c *clip) take(b []byte, at int64) {
	from, to := max(c.Offset-at, 0), min(c.Offset+c.Size-at, int64(len(b)))
	if from < to {
		c.data = append(c.data, b[from:to]...)
	}
}
