package main

import (
	"errors"
	"net"

	"github.com/aws/smithy-go"
)

// whatToDo is the advice about a failure: what AWS's own refusals ask for,
// whatever was asked, and else what is likely in that place. The right is the
// one that whoever asks needs.
func whatToDo(err error, right, advice string) string {
	switch codeOf(err) {
	case "ExpiredToken", "ExpiredTokenException":
		return "Your credentials have ended: sign in again, such as with aws sso login."
	case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidSignatureException":
		return "Your credentials are not known there: are they of this account, or of cutline dev, which prints its own?"
	case "RequestTimeTooSkewed":
		return "Set the clock of this machine: requests of another time are refused."
	case "MovedPermanently", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		return "The bucket is in another region: set AWS_REGION to that of the stack."
	case "AccessDenied", "AccessDeniedException", "Forbidden", "AllAccessDisabled":
		if right != "" {
			return "You may not do that: let your role have " + right + "; a policy of the bucket or the organization may forbid it, too."
		}
	case "SlowDown", "ThrottlingException", "RequestLimitExceeded", "ProvisionedThroughputExceededException":
		return "It is busy: try once more in a minute."
	}
	var network net.Error
	var dial *net.OpError
	if errors.As(err, &dial) || errors.As(err, &network) {
		return "Nothing answers there: look at AWS_REGION, the network, and AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL_DYNAMODB, which have to be those that cutline dev prints, or not set."
	}
	return advice
}

// codeOf is the code of an error that AWS answered; "" for another.
func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}
