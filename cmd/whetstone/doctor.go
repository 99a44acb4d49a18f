package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
	"github.com/whetstone-desk/whetstone/retrieval/chat"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
	"github.com/whetstone-desk/whetstone/retrieval/qdrantindex"
)

// A finding is what doctor says of one part.
type finding struct {
	Part  string `json:"part"`
	OK    bool   `json:"ok"`
	State string `json:"state"`         // what was found
	Fix   string `json:"fix,omitempty"` // what to do about it
}

func (c *cli) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check database, index, model servers, disk and sign-in", Args: cobra.NoArgs,
		Long: "Check everything that Whetstone needs and say what to do about what is missing.\n" +
			"The exit status is 1 if something needs doing.",
		Example: "  whetstone doctor\n  whetstone doctor --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings, err := c.examine(cmd.Context())
			if err != nil {
				return err
			}
			if c.json {
				err = c.printJSON(findings)
			} else {
				c.printFindings(findings)
			}
			var failed []string
			for _, f := range findings {
				if !f.OK {
					failed = append(failed, f.Part)
				}
			}
			if len(failed) > 0 {
				err = errors.Join(err, fmt.Errorf("see to: %s", strings.Join(failed, ", ")))
			}
			return err
		},
	}
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) printFindings(findings []finding) {
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark = "FAIL"
		}
		c.printf("%s  %-12s %s\n", mark, f.Part, f.State)
		if f.Fix != "" {
			c.printf("      %-12s → %s\n", "", f.Fix)
		}
	}
}

// examine looks at each part on its own, so that one fault does not hide
// another.
func (c *cli) examine(ctx context.Context) ([]finding, error) {
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	log, err := c.logger(cfg)
	if err != nil {
		return nil, err
	}
	a := &app{cfg: cfg, log: log}
	findings := []finding{diskOf(cfg), a.databaseOf(ctx)}
	e, made := a.embedderOf(ctx)
	findings = append(findings, made, a.chatOf(ctx), a.indexOf(ctx, e))
	if o := cfg.oidc(); o != nil {
		findings = append(findings, providerOf(ctx, o))
	}
	return findings, a.close()
}

// room is how much free disk a small knowledge base wants to grow in.
const room = 512 << 20

func diskOf(cfg *config) finding {
	f := finding{Part: "disk"}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		f.State, f.Fix = err.Error(), "make the folder writable, or name another with WHETSTONE_DATA or --data"
		return f
	}
	probe := filepath.Join(cfg.Data, ".doctor")
	if err := os.WriteFile(probe, []byte("probe"), 0o600); err != nil {
		f.State, f.Fix = err.Error(), "make the folder writable, or name another with WHETSTONE_DATA or --data"
		return f
	}
	if err := os.Remove(probe); err != nil {
		f.State, f.Fix = err.Error(), "check the folder's permissions"
		return f
	}
	free, known := freeBytes(cfg.Data)
	switch {
	case !known:
		f.OK, f.State = true, cfg.Data+" is writable"
	case free < room:
		f.State, f.Fix = fmt.Sprintf("%s has %d MB free", cfg.Data, free>>20), fmt.Sprintf("free at least %d MB", room>>20)
	default:
		f.OK, f.State = true, fmt.Sprintf("%s is writable, %d GB free", cfg.Data, free>>30)
	}
	return f
}

func (a *app) databaseOf(ctx context.Context) finding {
	f := finding{Part: "database"}
	b, err := open(ctx, a.cfg, a.log)
	if err != nil {
		f.State, f.Fix = err.Error(), "check the data folder"
		if a.cfg.Database != "" {
			f.Fix = "start PostgreSQL, or correct WHETSTONE_DATABASE"
		}
		return f
	}
	a.onClose(b.close)
	a.db, a.kb = b.db, b.kb
	ws, err := a.kb.Workspaces(ctx)
	if err != nil {
		f.State = err.Error()
		return f
	}
	documents := 0
	for _, w := range ws {
		n, err := a.kb.In(w.ID).Count(ctx)
		if err != nil {
			f.State = err.Error()
			return f
		}
		for _, k := range n {
			documents += k
		}
	}
	f.OK, f.State = true, fmt.Sprintf("%s: %d workspaces, %d documents", sqldb.Masked(a.cfg.dsn()), len(ws), documents)
	return f
}

// embedderOf also returns the embedder, the built-in one if there is no other.
func (a *app) embedderOf(ctx context.Context) (embeddings.Embedder, finding) {
	f := finding{Part: "embeddings"}
	e, err := a.embedder(ctx, a.cfg.wanted())
	if err != nil {
		f.State, f.Fix = err.Error(), "start the model server, or correct WHETSTONE_EMBEDDINGS_URL, _MODEL and _KEY"
		return embeddings.Local{}, f
	}
	if _, err := e.Embed(ctx, []string{"probe"}); err != nil {
		f.State, f.Fix = err.Error(), "start the model server, or correct WHETSTONE_EMBEDDINGS_URL, _MODEL and _KEY"
		return e, f
	}
	f.OK, f.State = true, fmt.Sprintf("%s, vectors of %d", e.Model(), e.Dim())
	if a.cfg.EmbedURL == "" {
		f.State += " (built in: it compares words, not meanings; set WHETSTONE_EMBEDDINGS_URL for a model server)"
	}
	return e, f
}

func (a *app) chatOf(ctx context.Context) finding {
	f := finding{Part: "replies", OK: true, State: "quoted from sources (set WHETSTONE_CHAT_URL for a model that writes)"}
	if a.cfg.ChatURL == "" {
		return f
	}
	g, err := chat.New(chat.Options{BaseURL: a.cfg.ChatURL, Key: a.cfg.ChatKey, Model: a.cfg.ChatModel, Timeout: a.cfg.ChatTimeout})
	if err == nil {
		err = g.Check(ctx)
	}
	if err != nil {
		return finding{Part: "replies", State: err.Error(), Fix: "start the model server, or correct WHETSTONE_CHAT_URL, _MODEL and _KEY; replies are quoted until then"}
	}
	f.State = "written by " + a.cfg.ChatModel
	return f
}

func providerOf(ctx context.Context, o *api.OIDC) finding {
	f := finding{Part: "sign-in", OK: true, State: "by password, and by " + o.Issuer}
	if err := o.Check(ctx); err != nil {
		f.OK, f.State, f.Fix = false, err.Error(), "start the OpenID provider, or correct WHETSTONE_OIDC_ISSUER: it is the issuer of its discovery document, to the letter"
	}
	return f
}

// indexOf opens the index as a server would.
func (a *app) indexOf(ctx context.Context, e embeddings.Embedder) finding {
	f := finding{Part: "index"}
	name := indexed(e)
	if a.cfg.QdrantURL == "" {
		dir := a.indexDir(name, e.Dim())
		f.OK, f.State = true, "in process, kept in "+dir
		ix, err := memindex.Open(dir, name, e.Dim())
		switch {
		case errors.Is(err, memindex.ErrInUse):
			f.State += " (a server has it open)"
			return f
		case err != nil:
			return finding{Part: "index", State: err.Error(), Fix: "make the folder writable, or remove it: it is built again from the database"}
		}
		a.onClose(ix.Close)
		if err := ix.Damage(); err != nil {
			f.OK, f.State, f.Fix = false, err.Error(), "run `whetstone reindex`, or start the server: what is damaged is built again"
		}
		return f
	}
	ix, err := qdrantindex.Open(ctx, qdrantindex.Options{
		URL: a.cfg.QdrantURL, APIKey: a.cfg.QdrantKey, Prefix: a.cfg.QdrantPrefix, Model: name, Dim: e.Dim(), Log: a.log,
	})
	if err != nil {
		f.State, f.Fix = err.Error(), "start Qdrant, or correct WHETSTONE_QDRANT_URL and WHETSTONE_QDRANT_KEY"
		return f
	}
	a.onClose(ix.Close)
	f.OK, f.State = true, "Qdrant at "+sqldb.Masked(a.cfg.QdrantURL)
	return f
}
