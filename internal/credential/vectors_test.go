package credential

import (
	"bytes"
	"crypto/x509"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// makeAll makes the vectors: each algorithm, each container, each damage.
func (w *workshop) makeAll() {
	w.algorithms()
	w.containers()
	w.damages()
	w.certificates()
	w.stamps()
	w.chains()
}

func (w *workshop) algorithms() {
	for _, alg := range slices.Sorted(maps.Keys(w.signers)) {
		c := w.signers[alg]
		signed := w.sign(picture(w.t, "jpeg"), "jpeg", by(c))
		w.add(alg, "jpeg", signed)
		w.add(alg+" trusted", "jpeg", signed)
		w.trusting(w.root.pem())
		w.add(alg+" signature changed", "jpeg", signed, flipSignature)
		w.add(alg+" claim changed", "jpeg", signed, flip("A bridge", 0))
	}
}

func (w *workshop) containers() {
	for _, format := range slices.Sorted(maps.Keys(mediaTypes)) {
		signed := w.sign(picture(w.t, format), format)
		w.add(format+" bare", format, picture(w.t, format))
		w.add(format, format, signed)
		w.add(format+" pixel changed", format, signed, flipPixel)
		w.add(format+" assertion changed", format, signed, flip("c2pa.created", 2))
		w.add(format+" claim changed", format, signed, flip("A bridge", 0))
		w.add(format+" appended", format, signed, appended)
		w.add(format+" cut", format, signed, cut(3))
	}
}

func (w *workshop) damages() {
	v2 := w.sign(picture(w.t, "jpeg"), "jpeg")
	w.add("caption changed", "jpeg", v2, flipFile("Workers"))
	w.add("comment added", "jpeg", v2, commented)
	w.add("hash changed", "jpeg", v2, flip("hash", 8))
	w.add("certificate changed", "jpeg", v2, flip("Example Pictures", 0))
	w.add("assertion renamed", "jpeg", v2, flip("c2pa.actions.v2", 14))
	w.add("assertion removed", "jpeg", v2, rebox(func(s *superbox) { s.child("c2pa.assertions").without("c2pa.actions.v2") }))
	w.add("signature removed", "jpeg", v2, rebox(func(s *superbox) { s.last().without("c2pa.signature") }))
	w.add("claim removed", "jpeg", v2, rebox(func(s *superbox) { s.last().without("c2pa.claim.v2") }))
	w.add("assertions removed", "jpeg", v2, rebox(func(s *superbox) { s.last().without("c2pa.assertions") }))
	w.add("manifest removed", "jpeg", v2, rebox(func(s *superbox) { s.boxes = nil }))
	w.add("claim twice", "jpeg", v2, rebox(func(s *superbox) {
		s.last().boxes = append(s.last().boxes, jumbfBox{kind: "jumb", super: s.child("c2pa.claim.v2")})
	}))
	w.add("assertion twice", "jpeg", v2, rebox(func(s *superbox) {
		a := s.child("c2pa.assertions")
		a.boxes = append(a.boxes, a.boxes[0])
	}))
	w.add("unknown box", "jpeg", v2, rebox(func(s *superbox) {
		s.last().boxes = append(s.last().boxes, jumbfBox{kind: "free", data: []byte("xx")})
	}))
	w.add("manifest twice", "jpeg", v2, rebox(func(s *superbox) { s.boxes = append(s.boxes, s.boxes[0]) }))
	w.add("box cut", "jpeg", v2, growBox("c2pa.actions.v2"))
	w.add("store cut", "jpeg", v2, growBox("c2pa"))
	w.add("file cut in the store", "jpeg", v2, func(_ testing.TB, data []byte, _ string) []byte { return data[:len(data)/3] })
	w.add("label not there", "jpeg", v2, func(_ testing.TB, data []byte, _ string) []byte {
		data[bytes.Index(data, []byte("c2pa.assertions\x00"))-1] &^= 2
		return data
	})
	w.add("payload attached", "jpeg", v2, rebox(attachPayload(false)))
	w.add("other payload attached", "jpeg", v2, rebox(attachPayload(true)))
	w.bindings()
	for _, alg := range []string{"sha384", "sha512"} {
		w.add("hash "+alg, "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", set("alg", alg)))
	}
	v1 := w.sign(picture(w.t, "jpeg"), "jpeg", set("claim_version", 1))
	w.add("claim version 1", "jpeg", v1)
	w.add("claim version 1 changed", "jpeg", v1, flip("A bridge", 0))
	w.add("claim version 1 caption changed", "jpeg", v1, flipFile("Workers"))

	w.add("no actions", "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", set("assertions", []any{})))
	w.add("created late", "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", set("assertions", actions(map[string]any{"action": "c2pa.edited"}, created))))
	w.add("created without source", "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", set("assertions", actions(map[string]any{"action": "c2pa.created"}))))
	w.add("edited only", "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", set("assertions", actions(map[string]any{"action": "c2pa.edited"}))))
	w.add("opened nothing", "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", set("assertions", actions(map[string]any{"action": "c2pa.opened"}))))
	ai := map[string]any{"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}
	w.add("made by AI", "png", w.sign(picture(w.t, "png"), "png", set("assertions", actions(ai, map[string]any{"action": "c2pa.edited"}))))
	w.add("intent create", "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", intent("create")))
}

// bindings are signed anew, with a hash that leaves out more or less.
func (w *workshop) bindings() {
	signed := w.sign(picture(w.t, "jpeg"), "jpeg", by(w.signers["ps256"]))
	by := w.signers["es256"]
	const label = "c2pa.hash.data"
	w.add("assertion written anew", "jpeg", signed, reassert(by, label, func([]byte) {}))
	w.add("hash other", "jpeg", signed, reassert(by, label, bump("dhash", 12, 1)))
	w.add("hash of no algorithm", "jpeg", signed, reassert(by, label, bump("sha256", 5, 1)))
	w.add("hash leaves out less", "jpeg", signed, reassert(by, label, bump("length", 8, ^byte(0))))
	w.add("hash leaves out what is not there", "jpeg", signed, reassert(by, label, bump("length", 7, 0x80)))
	hole := find(w.t, signed, "jpeg").hole
	w.add("hash leaves out a pixel", "jpeg", signed, reassert(by, label, func(data []byte) {
		bump("length", 8, 1)(data)
		h := newHash("sha256")
		h.Write(signed[:hole.start])
		h.Write(signed[hole.end+1:])
		copy(data[bytes.Index(data, []byte("dhash"))+7:], h.Sum(nil))
	}))
	longer := func(_ testing.TB, data []byte, _ string) []byte { data[hole.start+3]++; return data }
	w.add("segment longer", "jpeg", signed, longer)
	big := settings("core", map[string]any{"merkle_tree_chunk_size_in_kb": 1})
	for _, format := range []string{"heic", "avif"} {
		tree := w.sign(picture(w.t, format), format, big)
		w.add(format+" Merkle tree", format, tree)
		w.add(format+" Merkle tree, first block changed", format, tree, flipFile("picture data"))
		w.add(format+" Merkle tree, last block changed", format, tree, flipLast("picture data "))
		w.add(format+" Merkle tree, proof changed", format, tree, flipPixel)
		w.add(format+" Merkle tree, cut", format, tree, cut(500))
	}
	large := w.sign(picture(w.t, "jpeg"), "jpeg", set("assertions", append(actions(created), map[string]any{
		"label": "org.example.notes", "data": map[string]any{"text": strings.Repeat("note ", 30_000)},
	})))
	w.add("store of three segments", "jpeg", large)
	w.add("store of three segments changed", "jpeg", large, flipFile("note note"))
	w.add("store of three segments, caption changed", "jpeg", large, flipFile("Workers"))
}

func (w *workshop) certificates() {
	signed := w.sign(picture(w.t, "jpeg"), "jpeg", by(w.signers["ps256"])) // the longest signature
	sign := func(name string, c credential) {
		w.add(name, "jpeg", signed, resign(resigning{by: c}))
		w.add(name+" trusted", "jpeg", signed, resign(resigning{by: c}))
		w.trusting(w.root.pem())
	}
	sign("resigned", w.root.signer("es256"))
	change := func(f func(c *x509.Certificate)) credential { return w.root.signer("es256", f) }
	sign("expired", change(func(c *x509.Certificate) { c.NotAfter = time.Now().AddDate(0, -1, 0) }))
	sign("not yet", change(func(c *x509.Certificate) { c.NotBefore = time.Now().AddDate(0, 1, 0) }))
	sign("server purpose", change(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }))
	sign("no purpose", change(func(c *x509.Certificate) { c.ExtKeyUsage = nil }))
	sign("any purpose", change(func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageAny}
	}))
	sign("encipherment only", change(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }))
	sign("authority signs", change(func(c *x509.Certificate) { c.IsCA = true; c.KeyUsage |= x509.KeyUsageCertSign }))
	sign("no organization", change(func(c *x509.Certificate) { c.Subject.Organization = nil }))

	w.add("another root", "jpeg", signed)
	w.trusting(newAuthority(w.t, "Another Root").pem())
	w.add("trusted but changed", "jpeg", signed, flipFile("Workers"))
	w.trusting(w.root.pem())
	lone := w.root.signer("es256")
	lone.chain = certPEM(lone.cert)
	w.add("chain without root", "jpeg", w.sign(picture(w.t, "jpeg"), "jpeg", by(lone)))
	w.trusting(w.root.pem())
	forged := w.root.signer("es256")
	forged.chain = certPEM(forged.cert) + newAuthority(w.t, "Throw-away Root").pem()
	w.add("chain of another root", "jpeg", signed, resign(resigning{by: forged}))
	w.trusting(w.root.pem())

	good := w.root.signer("es256")
	w.add("signature in DER", "jpeg", signed, resign(resigning{by: good, der: true}))
	w.add("signature without tag", "jpeg", signed, resign(resigning{by: good, untagged: true}))
	w.add("algorithm RS256", "jpeg", signed, resign(resigning{by: good, alg: -257}))
	w.add("algorithm of another key", "jpeg", signed, resign(resigning{by: good, alg: -37}))
	w.add("certificates outside", "jpeg", signed, resign(resigning{by: good, outer: true}))
	w.add("certificates inside and outside", "jpeg", signed, resign(resigning{by: good, both: true}))
	w.add("algorithm of a longer curve", "jpeg", signed, resign(resigning{by: good, alg: -35}))
	w.add("algorithm of a shorter curve", "jpeg", signed, resign(resigning{by: w.signers["es384"], alg: -7}))
	w.add("algorithm of a longer hash", "jpeg", signed, resign(resigning{by: w.signers["ps256"], alg: -38}))
	w.add("algorithm EdDSA of another key", "jpeg", signed, resign(resigning{by: good, alg: -8}))
	w.add("algorithm ES256 of an Ed25519 key", "jpeg", signed, resign(resigning{by: w.signers["ed25519"], alg: -7}))
	w.add("algorithm ES256 of an RSA key", "jpeg", signed, resign(resigning{by: w.signers["ps256"], alg: -7}))
	none := good
	none.chain = ""
	w.add("no certificates", "jpeg", signed, resign(resigning{by: none}))
}

func (w *workshop) stamps() {
	clocks := newAuthority(w.t, "Clock Root")
	now := time.Now().Truncate(time.Second)
	past := now.AddDate(0, -6, 0)
	expired := w.root.signer("es256", func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = now.AddDate(-1, 0, 0), now.AddDate(0, -1, 0)
	})
	both := w.root.pem() + clocks.pem()
	for _, v := range []struct {
		version string
		change  with
	}{{"v1", set("claim_version", 1)}, {"v2", set("claim_version", 2)}} {
		signed := w.sign(picture(w.t, "jpeg"), "jpeg", stamped(clocks.stamper(now)), v.change)
		w.add("stamped "+v.version, "jpeg", signed)
		w.add("stamped "+v.version+" trusted", "jpeg", signed)
		w.trusting(both)
		w.add("stamped "+v.version+" claim changed", "jpeg", signed, flip("A bridge", 0))
		w.add("stamped "+v.version+" signature changed", "jpeg", signed, flipSignature)
		w.add("stamp changed "+v.version, "jpeg", signed, flip("Clock Root", 0))
		w.trusting(both)
		signed = w.sign(picture(w.t, "jpeg"), "jpeg", by(w.signers["ps256"]), stamped(clocks.stamper(now)), v.change)
		signed = resign(resigning{by: expired, clock: clocks, at: past})(w.t, signed, "jpeg")
		w.add("expired since, stamped "+v.version, "jpeg", signed)
		w.add("expired since, stamped "+v.version+" trusted", "jpeg", signed)
		w.trusting(both)
		w.add("expired since, stamped "+v.version+" clock not trusted", "jpeg", signed)
		w.trusting(w.root.pem())
		signed = resign(resigning{by: expired, clock: clocks, at: now})(w.t, signed, "jpeg")
		w.add("stamped after expiry "+v.version, "jpeg", signed)
		w.trusting(both)
	}
}

func (w *workshop) chains() {
	camera := w.sign(picture(w.t, "jpeg"), "jpeg", by(w.signers["ps256"]))
	edited := w.sign(camera, "jpeg", intent("edit"), set("title", "B edited"))
	w.add("edited", "jpeg", edited)
	w.add("edited trusted", "jpeg", edited)
	w.trusting(w.root.pem())
	again := w.sign(edited, "jpeg", intent("edit"), set("title", "C edited again"))
	w.add("edited twice", "jpeg", again)
	w.add("edited twice, first claim changed", "jpeg", again, swap("A bridge", "A brygge"))
	w.add("edited twice, second claim changed", "jpeg", again, swap("B edited", "B adited"))
	w.add("edited twice, active claim changed", "jpeg", again, swap("C edited", "C adited"))
	w.add("edited twice, first action changed", "jpeg", again, flipFile("digitalCapture"))
	w.add("edited twice, first removed", "jpeg", again, rebox(func(s *superbox) { s.boxes = s.boxes[1:] }))
	w.add("edited twice, second removed", "jpeg", again, rebox(func(s *superbox) {
		s.boxes = []jumbfBox{s.boxes[0], s.boxes[2]}
	}))
	w.add("edited twice, order changed", "jpeg", again, rebox(func(s *superbox) { s.boxes[0], s.boxes[2] = s.boxes[2], s.boxes[0] }))
	w.add("edited twice, caption changed", "jpeg", again, flipFile("Workers"))

	broken := func(d damage) []byte { return d(w.t, append([]byte{}, camera...), "jpeg") }
	w.add("edited a changed picture", "jpeg", w.sign(broken(flipFile("Workers")), "jpeg", intent("edit")))
	w.add("edited a changed claim", "jpeg", w.sign(broken(flip("A bridge", 0)), "jpeg", intent("edit")))
	w.add("edited a changed assertion", "jpeg", w.sign(broken(flip("digitalCapture", 0)), "jpeg", intent("edit")))
	w.add("edited a bare picture", "png", w.sign(picture(w.t, "png"), "png", intent("edit")))

	update := w.sign(camera, "jpeg", intent("update"), set("title", "U update"))
	w.add("updated", "jpeg", update)
	w.add("updated, caption changed", "jpeg", update, flipFile("Workers"))
	w.add("updated, first claim changed", "jpeg", update, swap("A bridge", "A brygge"))
	w.add("updated twice", "jpeg", w.sign(update, "jpeg", intent("update")))
	for _, format := range slices.Sorted(maps.Keys(mediaTypes)) {
		first := w.sign(picture(w.t, format), format)
		w.add(format+" updated", format, w.sign(first, format, intent("update")))
		w.add(format+" edited", format, w.sign(first, format, intent("edit")))
	}
	v1 := w.sign(picture(w.t, "jpeg"), "jpeg", set("claim_version", 1))
	w.add("edited a version 1", "jpeg", w.sign(v1, "jpeg", intent("edit")))
	w.add("version 1 edited", "jpeg", w.sign(v1, "jpeg", set("claim_version", 1), using(v1, "jpeg", "parentOf")))

	placed := actions(created, map[string]any{"action": "c2pa.placed", "parameters": map[string]any{"ingredientIds": []string{"part0"}}})
	w.add("placed", "png", w.sign(picture(w.t, "png"), "png", using(camera, "jpeg", "componentOf"), set("assertions", placed)))
	w.add("placed a bare picture", "png", w.sign(picture(w.t, "png"), "png", using(picture(w.t, "jpeg"), "jpeg", "componentOf"), set("assertions", placed)))
	w.add("two parts", "png", w.sign(picture(w.t, "png"), "png", using(camera, "jpeg", "componentOf"), using(edited, "jpeg", "inputTo")))
}
