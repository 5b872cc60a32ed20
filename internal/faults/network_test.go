package faults_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
)

// request waits for the scheduler to let it go on.
type request struct {
	actor   *actor
	asks    string
	proceed chan fault
}

// network is the transport of the clients under test. It holds every request
// of an actor until the scheduler says that it goes on, and what befalls it.
type network struct {
	under      http.RoundTripper
	transcript *transcript                        // in which versions have names
	bug        func(*http.Request) *http.Response // what is wrong with the code, for the test of the tests; nil

	mu      sync.Mutex
	waiting []*request
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	a, ok := r.Context().Value(actorKey{}).(*actor)
	if !ok {
		return n.under.RoundTrip(r)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if a.dead.Load() {
		return nil, errDead
	}
	what, err := asks(r)
	if err != nil {
		return nil, err
	}
	q := &request{actor: a, proceed: make(chan fault)}
	n.mu.Lock()
	q.asks = n.transcript.named(what)
	n.waiting = append(n.waiting, q)
	n.mu.Unlock()
	f := <-q.proceed
	if n.bug != nil {
		if answer := n.bug(r); answer != nil {
			return answer, nil
		}
	}
	return befall(n.under, r, f)
}

// of returns the requests of an actor that wait, in an order that is the same in
// every run of a seed: they may have come at once.
func (n *network) of(a *actor) []*request {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []*request
	for _, q := range n.waiting {
		if q.actor == a {
			all = append(all, q)
		}
	}
	slices.SortStableFunc(all, func(a, b *request) int { return strings.Compare(a.asks, b.asks) })
	return all
}

// release lets a request go on.
func (n *network) release(q *request, f fault) {
	n.mu.Lock()
	n.waiting = slices.DeleteFunc(n.waiting, func(other *request) bool { return other == q })
	n.mu.Unlock()
	q.proceed <- f
}

// wire carries requests out: by a call where the schedule itself serves, else
// over the network.
type wire struct {
	own     map[string]http.Handler // by host
	outside outside
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	handler := w.own[r.URL.Host]
	if handler == nil {
		return w.outside.RoundTrip(r)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, r)
	return answer.Result(), nil
}
