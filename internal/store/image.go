package store

import (
	"encoding/json"
	"fmt"
)

// RowOfImage reads a picture's row from an item as the table's stream has it:
// its texts and its binary attributes by their names. It says false for any
// other item.
func RowOfImage(texts map[string]string, binary map[string][]byte) (Row, bool, error) {
	if texts[attrSort] != headSort {
		return Row{}, false, nil
	}
	doc := texts[attrDocument]
	if packed := binary[attrDocument]; packed != nil {
		var err error
		if doc, err = unpack(packed); err != nil {
			return Row{}, false, fmt.Errorf("stored head of %s: %w", texts[attrPartition], err)
		}
	}
	var h head
	if err := json.Unmarshal([]byte(doc), &h); err != nil {
		return Row{}, false, fmt.Errorf("stored head of %s: %w", texts[attrPartition], err)
	}
	h.Row.Rank = h.Latest.Rank
	return h.Row, true, nil
}
