package faults_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"cutline/internal/check"
)

// queue is SQS as the template sets it up: at least once, in any order, and
// with dead letters. Only what the newsroom sees of it counts here: when a
// message may be handed out follows from the schedule, not from a clock.
type queue struct {
	waiting []*message
	dead    []*message // in the dead-letter queue, whose alarm is on while there are any
	full    bool       // whether the dead-letter queue takes no messages
}

type message struct {
	id       string
	body     string
	key      string // of its object
	poisoned bool   // nobody can read it
	receives int
	refused  int // how often the dead-letter queue did not take it
	delayed  int // how often it is passed over yet
}

// send is S3's: at least once, now and then late.
func (s *schedule) send(body, key string) {
	m := &message{id: fmt.Sprint("m", s.sent), body: body, key: key, poisoned: key == ""}
	s.sent++
	if s.rnd.IntN(6) == 0 {
		s.befallen["message late"]++
		m.delayed = 1 + s.rnd.IntN(5)
	}
	s.queue.waiting = append(s.queue.waiting, m)
	if s.rnd.IntN(4) == 0 {
		s.befallen["event twice"]++
		s.queue.waiting = append(s.queue.waiting, &message{id: m.id + "-again", body: body, key: key, poisoned: m.poisoned})
	}
}

// receive takes a batch out of the queue, in any order.
func (s *schedule) receive() []*message {
	q := &s.queue
	var ready []*message
	for _, m := range q.waiting {
		if m.delayed > 0 {
			m.delayed--
			continue
		}
		ready = append(ready, m)
	}
	first := slices.Clone(ready)
	s.rnd.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] })
	batch := ready[:min(len(ready), 1+s.rnd.IntN(3))]
	for i, m := range batch {
		if m != first[i] {
			s.befallen["message out of order"]++
		}
		m.receives++
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(m *message) bool { return slices.Contains(batch, m) })
	return batch
}

// settleMessages is what SQS does with a batch when its invocation has ended:
// what was not handled comes again, or goes to the dead letters. When those
// take nothing, it stays, and goes on coming again.
func (s *schedule) settleMessages(batch []*message, failed func(*message) bool) {
	q := &s.queue
	for _, m := range batch {
		switch {
		case !failed(m):
			if s.rnd.IntN(12) == 0 {
				s.befallen["message twice"]++
				q.waiting = append(q.waiting, &message{id: m.id + "+", body: m.body, key: m.key, poisoned: m.poisoned, receives: m.receives})
			}
		case m.receives < s.world.template.maxReceives:
			q.waiting = append(q.waiting, m)
		case q.full:
			s.befallen["dead letters refused"]++
			m.refused++
			q.waiting = append(q.waiting, m)
		default:
			s.befallen["dead letter"]++
			q.dead = append(q.dead, m)
		}
	}
}

// stuck says that nothing is left to do but what the dead-letter queue
// refuses, again and again.
func (q *queue) stuck() bool {
	return !slices.ContainsFunc(q.waiting, func(m *message) bool { return m.refused < 2 })
}

// redrive sends the dead letters again, as an operator does when what failed
// is mended. Nobody mends a message that cannot be read.
func (s *schedule) redrive() {
	q := &s.queue
	q.full = false
	for _, m := range q.dead {
		if !m.poisoned {
			s.befallen["dead letter sent again"]++
			m.receives = 0
			q.waiting = append(q.waiting, m)
		}
	}
	q.dead = slices.DeleteFunc(q.dead, func(m *message) bool { return !m.poisoned })
}

// checkAlarms: whoever is asked to mend something has been told. A dead letter
// is told by the number of them. What waits for them in vain is told by its
// age, long before the queue forgets it.
func (s *schedule) checkAlarms() error {
	for _, m := range s.queue.waiting {
		// Each time, it was hidden until it could be handed out again.
		age := time.Duration(m.receives) * s.world.template.visibility
		told, forgotten := s.world.template.waiting, s.world.template.retention
		var err error
		if m.refused > 0 && age < told || told > forgotten/10 {
			err = fmt.Errorf("message %s is refused at %s, the alarm comes at %s, the end at %s", m.id, age, told, forgotten)
		}
		if err := s.hold("nothing is stuck without an alarm", err); err != nil {
			return err
		}
	}
	return nil
}

// checkQueue: at the end only what nobody can read is left, and it is among
// the dead letters.
func (s *schedule) checkQueue() error {
	var err error
	if n := len(s.queue.waiting); n > 0 {
		err = fmt.Errorf("%d messages wait for good", n)
	}
	poisoned := 0
	for _, m := range s.queue.dead {
		if poisoned++; !m.poisoned {
			err = fmt.Errorf("message %s is among the dead letters for good", m.id)
		}
	}
	if poisoned < s.befallen["poisoned message"] {
		err = fmt.Errorf("%d messages that nobody can read are among the dead letters, %d were sent", poisoned, s.befallen["poisoned message"])
	}
	return s.hold("every message is handled, or a dead letter that nobody can read", err)
}

// invoke hands a batch of messages to the function.
func (s *schedule) invoke() {
	batch := s.receive()
	if len(batch) == 0 {
		return
	}
	var in events.SQSEvent
	for _, m := range batch {
		in.Records = append(in.Records, events.SQSMessage{MessageId: m.id, Body: m.body, EventSource: "aws:sqs"})
	}
	raw, err := json.Marshal(in)
	if err != nil {
		panic(err)
	}
	uploads := s.process()
	var answer events.SQSEventResponse
	var failed error
	s.start("function", batch, func(a *actor) {
		answer, failed = uploads.Handle(a.context(), raw)
	}, func(died bool) {
		s.settleMessages(batch, func(m *message) bool {
			return died || failed != nil || slices.ContainsFunc(answer.BatchItemFailures, func(f events.SQSBatchItemFailure) bool { return f.ItemIdentifier == m.id })
		})
		if died { // the next invocation starts a new process
			s.uploads, _ = s.world.functions(s.network, s.database, s.table)
		}
	})
}

// askew is how much clocks differ, if they do: by more than a schedule takes, so
// that what they say is never a matter of a moment.
const askew = 20 * time.Minute

// process is the function where its clock is askew, or not.
func (s *schedule) process() *check.Uploads {
	skew := time.Duration(s.rnd.IntN(5)-2) * askew
	if skew != 0 {
		s.befallen["clock askew"]++
	}
	checker, uploads := *s.uploads.Checker, *s.uploads
	checker.Now = func() time.Time { return time.Now().Add(skew) }
	uploads.Checker = &checker
	return &uploads
}
