package store

import (
	"errors"

	"github.com/aws/smithy-go"
)

// Busy says whether an error is DynamoDB's refusal to work faster, which a
// later try may find gone.
func Busy(err error) bool {
	var refused smithy.APIError
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.ErrorCode() {
	case "ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException":
		return true
	}
	return false
}
