package store

import (
	"encoding/json"
	"fmt"
)

// RowOfImage reads a picture's row from an item as the table's stream has it,
// by the names of its attributes. It says false for any other item.
func RowOfImage(image map[string]string) (Row, bool, error) {
	if image[attrSort] != headSort {
		return Row{}, false, nil
	}
	var h head
	if err := json.Unmarshal([]byte(image[attrDocument]), &h); err != nil {
		return Row{}, false, fmt.Errorf("stored head of %s: %w", image[attrPartition], err)
	}
	return h.Row, true, nil
}
