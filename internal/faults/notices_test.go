package faults_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"cutline/internal/notify"
	"cutline/internal/report"
	"cutline/internal/store"
)

// Where SNS and SQS are asked; they are a part of the schedule.
const (
	atSNS = "sns.invalid"
	atSQS = "sqs.invalid"
)

// notices are the notifier on the stream of the schedule's table, and who
// hears of it.
type notices struct {
	notifier *notify.Notifier
	busy     bool // a stream has one invocation at a time

	mu          sync.Mutex
	choosy      bool // whether the topic refuses every second notice for good
	closed      bool // whether the queue of the undelivered takes none
	asked       int
	refused     int
	turnedAway  int // by the queue
	told        []notify.Notice
	undelivered []notify.Notice
}

func (s *schedule) notify() *notices {
	n := &notices{choosy: s.rnd.IntN(4) == 0, closed: s.rnd.IntN(2) == 0}
	at := func(host string) aws.Config {
		config := s.world.faulty.Copy()
		config.BaseEndpoint = aws.String("http://" + host)
		config.HTTPClient = &http.Client{Transport: s.network}
		return config
	}
	n.notifier = &notify.Notifier{
		Targets:     []notify.Target{notify.NewTopic(at(atSNS), "arn:aws:sns:us-east-1:123456789012:notices")},
		Undelivered: notify.NewUndelivered(at(atSQS), "http://"+atSQS+"/undelivered"),
		Log:         slog.New(slog.DiscardHandler),
	}
	return n
}

// ServeHTTP answers as SNS and SQS do.
func (n *notices) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if r.URL.Host == atSQS {
		var sent struct{ MessageBody string }
		var body struct{ Notice notify.Notice }
		if err := errors.Join(json.NewDecoder(r.Body).Decode(&sent), json.Unmarshal([]byte(sent.MessageBody), &body)); err != nil || n.closed {
			n.turnedAway++
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"__type": "com.amazonaws.sqs#AccessDenied", "message": "no"}`)
			return
		}
		n.undelivered = append(n.undelivered, body.Notice)
		fmt.Fprint(w, `{"MessageId": "1"}`)
		return
	}
	if n.asked++; n.choosy && n.asked%2 == 0 {
		n.refused++
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>no</Message></Error></ErrorResponse>`)
		return
	}
	var notice notify.Notice
	if err := json.Unmarshal([]byte(r.FormValue("Message")), &notice); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	n.told = append(n.told, notice)
	fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`)
}

// mend ends what is wrong with who is told.
func (n *notices) mend(befallen map[string]int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	befallen["notice refused for good"] += n.refused
	befallen["queue of the undelivered closed"] += n.turnedAway
	n.choosy, n.closed = false, false
}

// tell hands the next changes of the table to the notifier, and says whether
// there were any.
func (s *schedule) tell() (bool, error) {
	if s.notices == nil || s.notices.busy {
		return false, nil
	}
	in, err := s.own.Changes()
	if err != nil || len(in.Records) == 0 {
		return false, err
	}
	s.notices.busy = true
	var answer events.DynamoDBEventResponse
	var failed error
	s.start("notifier", nil, func(a *actor) {
		answer, failed = s.notices.notifier.Handle(a.context(), in)
	}, func(died bool) {
		s.notices.busy = false
		done := len(in.Records)
		switch {
		case died || failed != nil:
			done = 0
		case len(answer.BatchItemFailures) > 0:
			done = slices.IndexFunc(in.Records, func(r events.DynamoDBEventRecord) bool {
				return r.Change.SequenceNumber == answer.BatchItemFailures[0].ItemIdentifier
			})
		}
		s.own.Told(done)
	})
	return true, nil
}

// checkNotices: whoever has to hear of a failed picture or a decision has, or
// finds it among the undelivered. Of pictures that were gone in between that
// cannot be said: they are no news while they are.
func (s *schedule) checkNotices(o *object, shown store.Record) error {
	if s.notices == nil || slices.ContainsFunc(o.versions, func(v uploaded) bool { return v.marker || v.removed }) {
		return nil
	}
	heard := func(of func(notify.Notice) bool) bool {
		about := func(n notify.Notice) bool { return n.Data.Key == o.key && of(n) }
		return slices.ContainsFunc(s.notices.told, about) || slices.ContainsFunc(s.notices.undelivered, about)
	}
	if shown.Verdict == report.Fail {
		var err error
		if !heard(func(n notify.Notice) bool {
			return n.Type == notify.Failed && n.Data.VersionID == shown.Photo.VersionID
		}) {
			err = fmt.Errorf("version %s failed, and nobody was told", shown.Photo.VersionID)
		}
		if err := s.hold("a failed picture is told, or kept as undelivered", err); err != nil {
			return err
		}
	}
	for _, d := range s.taken {
		if d.key != o.key || d.action == store.Note {
			continue
		}
		var err error
		if !heard(func(n notify.Notice) bool { return n.Type == notify.Decided && n.Data.Decision.Reason == d.reason }) {
			err = fmt.Errorf("the decision %q was not told", d.reason)
		}
		if err := s.hold("a decision is told, or kept as undelivered", err); err != nil {
			return err
		}
	}
	return nil
}
