package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cutline/internal/local"
	"cutline/internal/report"
	"cutline/internal/rules"
	"cutline/internal/store"
)

// RulesDiffCmd judges stored reports anew by changed rules.
type RulesDiffCmd struct {
	packs
	Pack     []string `required:"" placeholder:"NEW" help:"The changed pack, over the built-in one and those of --rules. May be given several times."`
	Since    string   `default:"30d" placeholder:"TIME" help:"How far back: days (30d), hours (12h), or a date (2026-11-01); ${default} if nothing is said."`
	DynamoDB string   `name:"dynamodb" default:"http://127.0.0.1:8302" placeholder:"URL" help:"DynamoDB of cutline dev (${default})."`
	AWS      bool     `name:"aws" help:"The table in AWS instead, as the aws command line is configured."`
	Table    string   `env:"CUTLINE_TABLE" default:"cutline-reports" help:"DynamoDB table of the reports (${default})."`
}

// Help tells what is compared.
func (RulesDiffCmd) Help() string {
	return `Each picture's latest report is judged twice from the metadata that it keeps: by the rules as they are (the built-in pack and --rules) and with the changed pack over them. No picture is read, and nothing is written.`
}

// Run prints every verdict that would change.
func (cmd RulesDiffCmd) Run(ctx context.Context, std streams) error {
	since, err := parseSince(cmd.Since, time.Now())
	if err != nil {
		return err
	}
	before, err := cmd.load(ctx)
	if err != nil {
		return err
	}
	after, err := packs{slices.Concat(cmd.Rules, cmd.Pack)}.load(ctx)
	if err != nil {
		return err
	}
	reports, err := cmd.open(ctx)
	if err != nil {
		return err
	}
	d := difference{before: before, after: after, out: newPaper(std.out), changes: map[string]int{}}
	for q := (store.Query{Since: since, Limit: 200}); ; {
		page, err := reports.List(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			record, err := reports.Get(ctx, row.Bucket, row.Key)
			if err != nil {
				return err
			}
			d.compare(record.Report)
		}
		if page.Next == "" {
			break
		}
		q.Cursor = page.Next
	}
	d.sum(cmd.Since)
	return d.out.Flush()
}

func (cmd RulesDiffCmd) open(ctx context.Context) (*store.Store, error) {
	if cmd.AWS {
		loaded, err := awsConfig(ctx)
		if err != nil {
			return nil, err
		}
		return store.New(store.NewClient(loaded), cmd.Table), nil
	}
	here := local.ClientConfig()
	here.BaseEndpoint = &cmd.DynamoDB
	return store.New(store.NewClient(here), cmd.Table), nil
}

// parseSince reads how far back a list goes.
func parseSince(text string, now time.Time) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day, nil
	}
	if days, isDays := strings.CutSuffix(text, "d"); isDays {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n < 100_000 {
			return now.AddDate(0, 0, -n), nil
		}
	} else if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("--since %q is not like 30d, 12h or 2026-11-01", text)
}

// difference compares two sets of rules, report by report.
type difference struct {
	before, after *rules.Rules
	out           paper
	all, trimmed  int
	changes       map[string]int
}

func (d *difference) compare(rep report.Report) {
	d.all++
	if slices.Contains(rep.Trimmed, "metadata") || slices.Contains(rep.Trimmed, "caption") {
		d.trimmed++
	}
	picture := rules.Again(rep)
	old, new := d.before.Judge(picture), d.after.Judge(picture)
	if old.Verdict == new.Verdict {
		return
	}
	change := fmt.Sprintf("%s -> %s", old.Verdict, new.Verdict)
	d.changes[change]++
	d.out.line("%-16s  %s/%s  %s", change, printable(rep.Photo.Bucket), printable(rep.Photo.Key), new.Origin)
	d.out.wrapped("    ", shorten(new.Caption.Text, 160))
	if old.Origin != new.Origin {
		d.out.line("    the origin was %s", old.Origin)
	}
	for _, f := range new.Findings {
		if was := severityIn(old, f.Code); was != f.Severity {
			d.out.line("    + %s (%s%s)", f.Code, f.Severity, wasSaid(was))
		}
	}
	for _, f := range old.Findings {
		if severityIn(new, f.Code) == report.SeverityOff {
			d.out.line("    - %s (%s)", f.Code, f.Severity)
		}
	}
}

func severityIn(rep report.Report, code string) report.Severity {
	for _, f := range rep.Findings {
		if f.Code == code {
			return f.Severity
		}
	}
	return report.SeverityOff
}

func wasSaid(was report.Severity) string {
	if was == report.SeverityOff {
		return ""
	}
	return ", was " + string(was)
}

func (d *difference) sum(since string) {
	changed := 0
	for _, n := range d.changes {
		changed += n
	}
	d.out.line("%d reports since %s, %d verdicts would change", d.all, since, changed)
	names := slices.SortedFunc(maps.Keys(d.changes), func(a, b string) int {
		return cmp.Or(d.changes[b]-d.changes[a], cmp.Compare(a, b))
	})
	for _, change := range names {
		d.out.line("%6d  %s", d.changes[change], change)
	}
	if d.trimmed > 0 {
		d.out.line("%d reports were too large to be kept whole, and are judged by what was kept", d.trimmed)
	}
}
