package photo_test

import (
	"testing"

	"cutline/internal/photo"

	"github.com/google/go-cmp/cmp"
)

func TestGiven(t *testing.T) {
	fields, err := photo.Given([]byte(`{"credit": null, "caption": "A dog.", "byline": ["Ann", "Bo"]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []photo.Field{
		{Name: photo.Byline, From: "byline", Value: "Ann"},
		{Name: photo.Byline, From: "byline", Value: "Bo"},
		{Name: photo.Caption, From: "caption", Value: "A dog."},
	}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Error(diff)
	}
}

func TestGivenRefusesOtherShapes(t *testing.T) {
	for _, object := range []string{``, `[]`, `{"caption": 7}`, `{"caption": {"text": "x"}}`, `{"byline": [1]}`} {
		if fields, err := photo.Given([]byte(object)); err == nil {
			t.Errorf("Given(%s) = %v, want an error", object, fields)
		}
	}
}
