package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/source"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// sample is the demo's workspace: the help centre and the resolved cases of an
// invented shop.
//
//go:embed sample/articles sample/cases
var sample embed.FS

func (c *cli) demoCommand() *cobra.Command {
	var printEnv, history bool
	cmd := &cobra.Command{
		Use: "demo", Short: "Try Whetstone on a sample workspace", Args: cobra.NoArgs,
		Long: "Serve the knowledge of an invented shop, in Russian and English. Data is kept in the data\n" +
			"folder, so the demo is ready at once when it is started again. Stop it with Ctrl-C.\n\n" +
			"With --history the shop has a past: eight weeks of invented questions, what operators made of\n" +
			"the drafts, and what was learned from it, so that gaps, upkeep and learning have something to\n" +
			"show. It takes some seconds, once, and only in a demo that has not been asked anything yet.",
		Example: "  whetstone demo\n  whetstone demo --history\n  whetstone demo --addr 127.0.0.1:9000 --data /tmp/demo",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			a, err := c.openCLI(cmd.Context())
			if err != nil {
				return err
			}
			defer stopping(cmd.Context(), &err)
			defer a.closing(&err)
			key, err := c.prepareDemo(cmd.Context(), a, history)
			if err != nil {
				return err
			}
			link, err := a.demoLink(cmd.Context())
			if err != nil {
				return err
			}
			return a.serve(cmd.Context(), func(addr string) { c.welcome(addr, key, link.Path(), printEnv) })
		},
	}
	cmd.Flags().StringVar(&c.addr, "addr", "", "address to listen on (WHETSTONE_ADDR)")
	cmd.Flags().BoolVar(&printEnv, "print-env", false, "print WHETSTONE_URL=… and WHETSTONE_KEY=… for scripts")
	cmd.Flags().BoolVar(&history, "history", false, "begin with eight weeks of an invented helpdesk: questions, what operators made of the drafts, and what was learned from it")
	return cmd
}

// prepareDemo fills the workspace if that has not been done, with a past if one
// is wanted, and returns a key.
func (c *cli) prepareDemo(ctx context.Context, a *app, history bool) (string, error) {
	ws := a.cfg.Workspace
	if _, err := a.kb.Create(ctx, ws, sampleName); err != nil && !errors.Is(err, kb.ErrConflict) { // one that is there keeps its name
		return "", err
	}
	missing, err := a.sampleMissing(ctx, ws)
	if err != nil {
		return "", err
	}
	if missing {
		c.note("loading the sample workspace …")
		if err := c.loadSample(ctx, a); err != nil {
			return "", err
		}
		if err := a.store.SetProfile(ctx, ws, carefulProfile()); err != nil {
			return "", err
		}
		if err := sqldb.SetState(ctx, a.db, sampleState+ws, version); err != nil {
			return "", err
		}
	}
	if history {
		if err := c.loadHistory(ctx, a, ws); err != nil {
			return "", err
		}
	}
	if err := a.loadTickets(ctx, ws, time.Now()); err != nil {
		return "", err
	}
	return a.demoKey(ctx, ws)
}

// carefulProfile drafts only what is likely to be right: a second profile, so
// that there is one to try in a pilot.
func carefulProfile() retrieval.Profile {
	p := retrieval.DefaultProfile()
	p.Name, p.MinDraft = "careful", 0.4
	return p
}

// sampleState is the state under which it is remembered that a workspace has
// the whole sample: what was changed since is left as it is.
const sampleState = "demo/"

// sampleName is what the workspace is called: the invented shop.
const sampleName = "Vetrogor"

// sampleOrigin is the origin of the sample's documents.
const sampleOrigin = "demo"

// sampleMissing reports whether the sample, or a part of it, is still to be
// loaded. A workspace with other documents is not the demo's to fill.
func (a *app) sampleMissing(ctx context.Context, workspace string) (bool, error) {
	_, loaded, err := sqldb.State(ctx, a.db, sampleState+workspace)
	if err != nil || loaded {
		return false, err
	}
	docs, err := a.kb.In(workspace).List(ctx, kb.Page{Limit: 1})
	return len(docs) == 0 || docs[0].Origin == sampleOrigin, err
}

// loadSample imports the sample the way anyone imports their own files.
func (c *cli) loadSample(ctx context.Context, a *app) error {
	dir, err := os.MkdirTemp("", "whetstone-sample-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left is in the system's temporary folder
	if err := os.CopyFS(dir, sample); err != nil {
		return err
	}
	im := &importing{app: a, path: filepath.Join(dir, "sample"), author: "Demo", progress: c.progress("importing", 0),
		options: source.Options{Origin: sampleOrigin, Detect: languageOf}}
	err = im.read(ctx, func([]*kb.Document) error { return nil })
	im.progress.end()
	if err == nil && len(im.report.Skipped) > 0 {
		s := im.report.Skipped[0]
		err = fmt.Errorf("sample %s:%d: %s", s.File, s.Line, s.Reason)
	}
	return err
}

// demoKey returns the key that the demo printed before, or a new one. It is
// kept in a file that only its owner can read, so that the printed curl line
// stays true.
func (a *app) demoKey(ctx context.Context, workspace string) (string, error) {
	path := filepath.Join(a.cfg.Data, "demo.key")
	b, err := os.ReadFile(path)
	if err == nil {
		secret := strings.TrimSpace(string(b))
		key, err := a.keys.Verify(ctx, secret)
		if err == nil && key.WorkspaceID == workspace {
			return secret, nil
		}
		if err != nil && !errors.Is(err, auth.ErrUnauthorized) {
			return "", err
		}
	}
	_, secret, err := a.keys.Issue(ctx, workspace, "demo", auth.Admin)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(a.cfg.Data, 0o700); err != nil {
		return "", err
	}
	return secret, os.WriteFile(path, []byte(secret+"\n"), 0o600)
}

// demoLink returns a link that signs in once, as an admin of the demo. Each
// start makes a new one, in the place of the one before.
func (a *app) demoLink(ctx context.Context) (auth.Link, error) {
	return a.people.Entrance(ctx, auth.Person{WorkspaceID: a.cfg.Workspace, Email: "demo@" + a.cfg.Workspace + ".invalid", Name: "Demo", Role: auth.Admin})
}

// welcome says where the demo is and how to ask it; enter is the path that
// signs in.
func (c *cli) welcome(addr, key, enter string, printEnv bool) {
	url := "http://" + addr
	if printEnv {
		c.printf("WHETSTONE_URL=%[1]s\nWHETSTONE_ENTER=%[1]s%[3]s\nWHETSTONE_KEY=%[2]s\n", url, key, enter)
		return
	}
	c.printf(`Whetstone serves the help centre of an invented shop at %[1]s

  Console  %[1]s%[4]s
           (signs you in once; the next start prints another)
  API key  %[2]s
  API docs %[1]s/docs

Ask it something:

  curl -s %[1]s/v1/suggestions -H 'Authorization: Bearer %[2]s' \
    -H 'Content-Type: application/json' -d '{"text":"How do I return an item and get my money back?"}'

  curl -s %[1]s/v1/suggestions -H 'Authorization: Bearer %[2]s' \
    -H 'Content-Type: application/json' -d '{"text":"Не пришёл заказ 4411, что делать?"}'

Ctrl-C stops it; what is stored is kept in %[3]s.
`, url, key, c.dataShown(), enter)
}

// dataShown is the data folder as a person would look for it.
func (c *cli) dataShown() string {
	cfg, err := c.config()
	if err != nil {
		return "the data folder"
	}
	return cfg.Data
}
