package faults_test

import (
	"context"
	"fmt"

	"cutline/internal/photo"
	"cutline/internal/store"
	"cutline/internal/writeback"
)

// sidecar is the one that all pictures get, if they get one.
func sidecar() ([]byte, error) {
	return writeback.Sidecar(nil, writeback.Texts{
		photo.Caption: "Boats leave the harbour of Oban, Scotland, on Monday, May 4, 2026. (AP Photo/Joan Baird)",
	})
}

// putBeside puts a sidecar beside an object, which may be there or yet to come.
func (s *schedule) putBeside(o *object) error {
	s.befallen["sidecar put"]++
	if _, err := s.world.put(context.Background(), s.bucket, o.key+".xmp", s.world.sidecar); err != nil {
		return err
	}
	o.beside = true
	return s.arrived("sidecar put", o)
}

func (s *schedule) removeBeside(o *object) error {
	if !o.beside {
		return nil
	}
	s.befallen["sidecar taken away"]++
	if err := s.world.remove(context.Background(), s.bucket, o.key+".xmp", ""); err != nil {
		return err
	}
	o.beside = false
	return s.arrived("sidecar taken away", o)
}

// checkBeside: the report that is shown is that of the picture with the sidecar
// that lies beside it now.
func (s *schedule) checkBeside(o *object, shown store.Record) error {
	var err error
	if read := shown.Photo.Sidecar; (read != "") != o.beside {
		err = fmt.Errorf("its sidecar was %q, and one lies beside it: %v", read, o.beside)
	}
	return s.hold("a sidecar is part of its picture's report", err)
}
