package faults_test

import (
	"bytes"
	"errors"
	"slices"

	"cutline/internal/photo"
	"cutline/internal/report"
	"cutline/internal/store"
	"cutline/internal/writeback"
)

// withReference is a picture as an agency sends it: with the reference that a
// kill notice may name.
func withReference(jpeg []byte) ([]byte, error) {
	return written(jpeg, writeback.Texts{photo.JobID: "TOK801"})
}

// asNotice is a picture whose caption withdraws that one.
func asNotice(jpeg []byte) ([]byte, error) {
	return written(jpeg, writeback.Texts{
		photo.Caption: "EDITORS, PLEASE KILL TOK801, a picture of a train in Pyongyang. The picture was digitally altered.",
	})
}

func written(jpeg []byte, texts writeback.Texts) ([]byte, error) {
	var out bytes.Buffer
	err := writeback.JPEG(&out, bytes.NewReader(jpeg), texts)
	return out.Bytes(), err
}

// checkKill: a notice reaches the picture that it names and those that were seen
// to show the same, whichever came first, and no other one. It stands in all
// reports of a key that one of them came under.
func (s *schedule) checkKill(o *object, v *uploaded, rec store.Record) error {
	shows := func(v uploaded) bool { return v.picture.killable }
	sent := slices.ContainsFunc(s.objects, func(o *object) bool {
		return slices.ContainsFunc(o.versions, func(v uploaded) bool { return v.picture.notice })
	})
	var err error
	switch {
	case sent && shows(*v) && rec.Provenance.Likeness != nil && !killed(rec.Report):
		err = errors.New("it was killed, and its report does not say so")
	case killed(rec.Report) && !v.picture.notice && !(sent && slices.ContainsFunc(o.versions, shows)):
		err = errors.New("its report says that it was killed")
	}
	if sent {
		return s.hold("a kill notice reaches the picture, its copies, and nothing else", err)
	}
	return err
}

func killed(rep report.Report) bool {
	return slices.ContainsFunc(rep.Findings, func(f report.Finding) bool { return f.Code == "kill.notice" })
}
