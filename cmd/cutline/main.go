// Command cutline checks captions and the provenance of pictures, and runs
// the whole of Cutline on one machine.
//
// Its exit status is 0 when nothing failed, 1 when a picture or caption did,
// and 2 when it could not run.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	_ "cutline/internal/start"
)

// version is set by the linker in released builds.
var version string

// commands are the subcommands, a file each.
type commands struct {
	Check   CheckCmd   `cmd:"" help:"Check pictures: files, folders, s3:// addresses, or - for standard input."`
	Caption CaptionCmd `cmd:"" help:"Check captions from standard input: one text, or JSON Lines."`
	Rules   RulesCmd   `cmd:"" help:"Show, try and measure the house rules."`
	Dev     DevCmd     `cmd:"" help:"Run everything on this machine: S3, DynamoDB, the functions and the desk."`
	Doctor  DoctorCmd  `cmd:"" help:"Check a deployment, or the stack on this machine, end to end, and say what to do."`
	Recheck RecheckCmd `cmd:"" help:"Check the pictures of a bucket once more."`
	Token   TokenCmd   `cmd:"" help:"Make, list and revoke the tokens that programs use the desk with."`

	Version kong.VersionFlag `help:"Print the version."`
}

// streams are the standard streams, which tests replace.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// errFailed says that the command ran and found something that must not be
// published. It has been shown already.
var errFailed = errors.New("something failed the check")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not listen to the first
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// run is the command without its process, and returns the exit status.
func run(ctx context.Context, args []string, std streams) int {
	var cmds commands
	status := -1
	parser, err := kong.New(&cmds,
		kong.Name("cutline"),
		kong.Description("Checks that the captions of pictures name their source and carry the disclaimers they need.\n\nThe exit status is 0 when nothing failed, 1 when something that was checked did, and 2 when it could not run."),
		kong.Vars{"version": cutlineVersion()},
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { status = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	if err != nil {
		fmt.Fprintln(std.err, "cutline:", err)
		return 2
	}
	parsed, err := parser.Parse(args)
	if status >= 0 { // --help and --version have printed what they have to say
		return status
	}
	if err != nil {
		fmt.Fprintf(std.err, "cutline: %v\ncutline --help tells how it is used.\n", err)
		return 2
	}
	err = parsed.Run()
	switch {
	case errors.Is(err, errFailed):
		return 1
	case err != nil:
		fmt.Fprintln(std.err, "cutline:", err)
		return 2
	}
	return 0
}

// cutlineVersion is the linker's version, else the module's or revision's.
func cutlineVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}
