package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks twice does not want to wait
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out one command line and returns the exit status: 0 done, 1
// failed, 130 stopped by a signal.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil: // whatever the error says: a database calls it "interrupted"
		_, _ = fmt.Fprintln(stderr, "whetstone: stopped")
		return 130
	}
	_, _ = fmt.Fprintln(stderr, "whetstone: "+err.Error())
	return 1
}

// A cli is what every command has: where to print and the flags they share.
type cli struct {
	out, err              io.Writer
	data, addr, workspace string
	json                  bool
}

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	c := &cli{out: stdout, err: stderr}
	root := &cobra.Command{
		Use:   "whetstone",
		Short: "Drafts replies to customers from your knowledge base and resolved cases",
		Long: "Whetstone drafts replies to customers from your knowledge base and resolved cases,\n" +
			"with citations, or says that it does not know. Start with: whetstone demo",
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	f := root.PersistentFlags()
	f.StringVar(&c.data, "data", "", "folder for the database and the index (WHETSTONE_DATA)")
	f.StringVar(&c.workspace, "workspace", "", "workspace to work in (WHETSTONE_WORKSPACE)")
	root.AddCommand(
		c.demoCommand(), c.serveCommand(), c.importCommand(), c.suggestCommand(), c.searchCommand(), c.evalCommand(), c.replayCommand(), c.reportCommand(), c.learningCommand(), c.eraseCommand(),
		c.benchCommand(), c.reindexCommand(), c.keyCommand(), c.personCommand(), c.workspaceCommand(), c.configCommand(), c.doctorCommand(),
		c.versionCommand(),
	)
	return root
}

// config reads the settings and lays the flags over them.
func (c *cli) config() (*config, error) {
	cfg, err := load(os.Environ())
	if err != nil {
		return nil, err
	}
	for _, o := range []struct{ flag, to *string }{{&c.data, &cfg.Data}, {&c.addr, &cfg.Addr}, {&c.workspace, &cfg.Workspace}} {
		if *o.flag != "" {
			*o.to = *o.flag
		}
	}
	return cfg, nil
}

// printf writes to the command's output. A terminal that is gone is no error
// worth stopping for.
func (c *cli) printf(format string, args ...any) { _, _ = fmt.Fprintf(c.out, format, args...) }

// note writes a line for a person to standard error.
func (c *cli) note(format string, args ...any) { _, _ = fmt.Fprintf(c.err, format+"\n", args...) }

// logger returns the log that the settings ask for.
func (c *cli) logger(cfg *config) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return nil, fmt.Errorf("WHETSTONE_LOG: %q: use debug, info, warn or error", cfg.LogLevel)
	}
	opts := &slog.HandlerOptions{Level: level}
	switch cfg.LogFormat {
	case "json":
		return slog.New(slog.NewJSONHandler(c.err, opts)), nil
	case "text":
		return slog.New(slog.NewTextHandler(c.err, opts)), nil
	}
	return nil, fmt.Errorf("WHETSTONE_LOG_FORMAT: %q: use text or json", cfg.LogFormat)
}

func (c *cli) versionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  whetstone version --json", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			if c.json {
				return c.printJSON(map[string]string{"version": version, "go": info.GoVersion})
			}
			c.printf("whetstone %s (%s)\n", version, strings.TrimPrefix(info.GoVersion, "go"))
			return nil
		},
	}
	c.jsonFlag(cmd)
	return cmd
}
