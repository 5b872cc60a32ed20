package store

import "context"

// Sidecar is an object that lies beside the pictures of its name.
type Sidecar struct {
	Key  string `json:"key"`
	ETag string `json:"etag"` // of the last event that told of it; the object may be newer, or gone
}

// besidePartition is that of a bucket and a name: a key without its extension.
func besidePartition(bucket, name string) string { return "beside/" + bucket + "/" + name }

// Beside writes down that there is, or was, a sidecar for the pictures of a
// name.
func (s *Store) Beside(ctx context.Context, bucket, name string, sidecar Sidecar) error {
	doc, err := encode(sidecar)
	if err != nil {
		return err
	}
	return s.commit(ctx, write{item: item{
		attrPartition: besidePartition(bucket, name), attrSort: "sidecar/" + placeOf(bucket, sidecar.Key), attrRevision: "1", attrDocument: doc,
	}})
}

// Sidecars returns what was written down for a name.
func (s *Store) Sidecars(ctx context.Context, bucket, name string, c Consistency) ([]Sidecar, error) {
	return readAll[Sidecar](ctx, s, besidePartition(bucket, name), "sidecar/", c)
}
