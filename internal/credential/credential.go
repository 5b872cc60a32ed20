// Package credential reads and validates content credentials: what a picture's
// file proves about its making, by signed records after the C2PA
// specification 2.x. Section numbers in comments are of that document.
//
// It works in two steps, as their costs differ. [Find] looks for a manifest
// store by the headers of the file alone, and [Store.Check] validates all that
// the store says, without a byte of the picture. What is left is whether the
// picture is still the one that was signed: the [Binding] of a [Check] is a
// writer that takes the file's bytes in order, beside whoever else reads the
// whole picture. [Read] does all of it in one call.
//
//	store, err := credential.Find(r, size, "jpeg")
//	if err != nil || store == nil {
//		return err // or no credentials
//	}
//	check, err := store.Check(credential.Options{Trust: anchors})
//	...
//	check.Credentials() // who signed, what was done
//	io.Copy(check.Binding(), file)
//	check.Credentials() // and whether it holds
//
// The layers, one file each: container_*.go find the store in a file, jumbf.go
// takes it apart into boxes, manifest.go and claim.go into records;
// signature.go, chain.go, trust.go and timestamp.go say who signed and when;
// datahash.go, bmffhash.go and merkle.go bind a record to the picture;
// ingredient.go follows what went into it; check.go is the order of it all.
// Every length is checked and every number of things bounded, as files come
// from strangers.
//
// Imports: report.
package credential

import (
	"crypto/x509/pkix"
	"errors"
	"io"
	"time"

	"cutline/internal/report"
)

// Options say how to validate.
type Options struct {
	Trust *TrustList       // nil trusts nobody
	Now   func() time.Time // time.Now when nil
}

// A Store is the manifest store of a picture, found but not yet looked into.
type Store struct {
	source *source
	size   int64
	at     embedding
	data   []byte
	update []byte // a second store that goes on with it, nil mostly
	err    error  // the store could be found, but not taken out
}

// Find looks for a manifest store in a picture of a format as
// photo.Metadata has it. It reads headers only, and the store itself; nil
// means that the picture carries no credentials, for which a JPEG, PNG or TIFF
// has to be read no further than its head, and WebP, HEIC and AVIF no more
// than the headers of their few parts. Errors are those of r alone; a damaged
// file shows in the check.
func Find(r io.ReaderAt, size int64, format string) (*Store, error) {
	s := &Store{source: &source{r: r, size: size}, size: size}
	at, err := locate(s.source, format)
	if err == nil && at == nil {
		return nil, nil
	}
	if err == nil {
		s.at = *at
		s.data, err = s.source.store(at.pieces)
	}
	if err == nil && at.update != nil {
		s.update, err = s.source.store(at.update)
	}
	if err != nil && !isDamage(err) {
		return nil, err
	}
	s.err = err
	return s, nil
}

// Check validates what the store says. Errors are those of reading the file.
func (s *Store) Check(opts Options) (*Check, error) {
	now := time.Now
	if opts.Now != nil {
		now = opts.Now
	}
	c := &check{
		store: s, trust: opts.Trust, now: now(),
		manifests: map[string]*manifest{}, signers: map[string]signer{}, visited: map[string]bool{},
	}
	if s.err != nil {
		c.problem = s.err.Error()
		return &Check{check: c}, nil
	}
	binding, err := c.run()
	var broken *storeError
	switch {
	case errors.As(err, &broken):
		c.problem = broken.Error()
		if broken.code != "" {
			c.fail(broken.code, "")
		}
	case isDamage(err):
		c.problem = err.Error()
	case err != nil:
		return nil, err
	}
	return &Check{check: c, binding: binding}, nil
}

// A Check is a validated store that may still wait for the picture's bytes.
type Check struct {
	check   *check
	binding *Binding
}

// Binding returns the writer that takes the file's bytes, all of them and in
// order; nil when there is nothing to compare them with.
func (c *Check) Binding() *Binding { return c.binding }

// A Binding compares a picture with the manifest that was made for it.
type Binding struct {
	hash  *rangeHash // nil when the manifest's hash cannot be computed
	trees []*merkleTree
	holds func(sum []byte) bool
	code  string // the failure if it does not hold
	url   string
	wrote bool
}

// Write takes the next bytes of the file. It never fails.
func (b *Binding) Write(p []byte) (int, error) {
	b.wrote = true
	if b.hash != nil {
		b.hash.Write(p)
	}
	for _, t := range b.trees {
		t.Write(p)
	}
	return len(p), nil
}

func (b *Binding) broken() bool {
	if b.hash == nil {
		return true
	}
	sum := b.hash.sum()
	if sum == nil || !b.holds(sum) {
		return true
	}
	for _, t := range b.trees {
		if !t.holds() {
			return true
		}
	}
	return false
}

// Credentials tells the result. Before the picture's bytes were written, they
// are taken to be the right ones.
func (c *Check) Credentials() report.Credentials {
	out := report.Credentials{Present: true, State: StateInvalid}
	ch := c.check
	failures := ch.failures
	if b := c.binding; b != nil && (b.wrote || b.hash == nil) && b.broken() {
		failures = append(failures[:len(failures):len(failures)], failure{b.code, b.url})
	}
	out.Problem = ch.problem
	if ch.active == nil {
		out.Failures = codes(failures, "", nil)
		return out
	}
	m := ch.active
	recorded := map[failure]bool{}
	for _, other := range ch.manifests {
		for _, a := range other.of("c2pa.ingredient") {
			if in, err := parseIngredient(a); err == nil {
				for _, f := range in.recorded() {
					recorded[f] = true
				}
			}
		}
	}
	who := ch.signers[m.label]
	out.Failures = codes(failures, m.label, recorded)
	out.State = state(out.Failures, who.trusted)
	out.Manifest, out.Title, out.Generator = m.label, m.claim.Title, m.claim.generator()
	out.Signer, out.Issuer, out.Algorithm, out.SignedAt = who.name, who.issuer, who.alg, who.at
	out.Actions = m.actions()
	out.Ingredients = ch.ingredients(m, map[string]bool{}, 0)
	return out
}

// nameOf is what to call somebody: organization, else common name.
func nameOf(n pkix.Name) string {
	if len(n.Organization) > 0 {
		return n.Organization[len(n.Organization)-1]
	}
	return n.CommonName
}

// Read reads and validates a picture's credentials, and reads the whole
// picture once, as a stream, if it has any.
func Read(r io.ReaderAt, size int64, format string, opts Options) (report.Credentials, error) {
	store, err := Find(r, size, format)
	if err != nil {
		return report.Credentials{}, err
	}
	if store == nil {
		return report.Credentials{State: StateNone}, nil
	}
	c, err := store.Check(opts)
	if err != nil {
		return report.Credentials{}, err
	}
	if b := c.Binding(); b != nil {
		buf := make([]byte, 256<<10)
		if _, err := io.CopyBuffer(b, io.NewSectionReader(r, 0, size), buf); err != nil {
			return report.Credentials{}, err
		}
	}
	return c.Credentials(), nil
}
