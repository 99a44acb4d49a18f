package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/retrieval"
	"github.com/whetstone-desk/whetstone/retrieval/memindex"
)

func (c *cli) keyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "key", Short: "Make, list and revoke API keys", Example: "  whetstone key add --name zendesk --role helpdesk"}
	var name, role string
	add := c.withApp(&cobra.Command{
		Use: "add", Short: "Make a key; it is shown once", Args: cobra.NoArgs, Example: "  whetstone key add --name zendesk --role helpdesk",
	}, func(ctx context.Context, a *app, _ []string) error {
		ws, err := a.workspace(ctx)
		if err != nil {
			return err
		}
		key, secret, err := a.keys.Issue(ctx, ws, name, auth.Role(role))
		if err != nil {
			return err
		}
		kept := a.kept(ctx, ws, auth.Entry{Method: "POST", Operation: "make-key", Subject: key.ID, Detail: role + " " + name})
		if c.json {
			return errors.Join(kept, c.printJSON(map[string]string{"id": key.ID, "workspace": ws, "role": role, "secret": secret}))
		}
		c.printf("%s\n", secret)
		c.note("a key of role %s for workspace %s; it cannot be shown again", role, ws)
		return kept
	})
	add.Flags().StringVar(&name, "name", "", "what the key is for")
	add.Flags().StringVar(&role, "role", string(auth.Admin), "admin, editor, lead, operator or helpdesk")
	list := c.withApp(&cobra.Command{
		Use: "list", Short: "List the workspace's keys", Args: cobra.NoArgs, Example: "  whetstone key list --workspace shop",
	}, func(ctx context.Context, a *app, _ []string) error {
		keys, err := a.keys.List(ctx, a.cfg.Workspace)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(keyViews(keys))
		}
		t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "ID\tROLE\tNAME\tMADE\tREVOKED")
		for _, k := range keys {
			revoked := ""
			if k.RevokedAt != nil {
				revoked = k.RevokedAt.Format("2006-01-02 15:04")
			}
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", k.ID, k.Role, k.Name, k.CreatedAt.Format("2006-01-02 15:04"), revoked)
		}
		return t.Flush()
	})
	revoke := c.withApp(&cobra.Command{
		Use: "revoke ID", Short: "End a key", Args: cobra.ExactArgs(1), Example: "  whetstone key revoke wsk_AbCdEf…",
	}, func(ctx context.Context, a *app, args []string) error {
		key, err := a.keys.Key(ctx, a.cfg.Workspace, args[0])
		if err != nil {
			return err
		}
		if err := a.keys.Revoke(ctx, a.cfg.Workspace, key.ID); err != nil {
			return err
		}
		return a.kept(ctx, a.cfg.Workspace, auth.Entry{Method: "DELETE", Operation: "revoke-key", Subject: key.ID, Detail: string(key.Role) + " " + key.Name})
	})
	for _, sub := range []*cobra.Command{add, list} {
		c.jsonFlag(sub)
	}
	return group(cmd, add, list, revoke)
}

// A keyView is a line of `key list`.
type keyView struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Role      auth.Role  `json:"role"`
	CreatedAt time.Time  `json:"created_at"`
	RevokedAt *time.Time `json:"revoked_at"`
}

func keyViews(keys []auth.Key) []keyView {
	views := make([]keyView, len(keys))
	for i, k := range keys {
		views[i] = keyView{k.ID, k.Name, k.Role, k.CreatedAt, k.RevokedAt}
	}
	return views
}

func (c *cli) workspaceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "workspace", Short: "Make, list and remove workspaces", Example: "  whetstone workspace add shop --name \"The shop\""}
	var name string
	add := c.withApp(&cobra.Command{
		Use: "add ID", Short: "Make a workspace", Args: cobra.ExactArgs(1), Example: "  whetstone workspace add shop --name \"The shop\"",
	}, func(ctx context.Context, a *app, args []string) error {
		if name == "" {
			name = args[0]
		}
		_, err := a.kb.Create(ctx, args[0], name)
		return err
	})
	add.Flags().StringVar(&name, "name", "", "its name for people")
	list := c.withApp(&cobra.Command{
		Use: "list", Short: "List workspaces with what they hold", Args: cobra.NoArgs, Example: "  whetstone workspace list --json",
	}, func(ctx context.Context, a *app, _ []string) error { return c.listWorkspaces(ctx, a) })
	c.jsonFlag(list)
	var yes bool
	remove := c.withApp(&cobra.Command{
		Use: "remove ID", Short: "Remove a workspace with all that is in it", Args: cobra.ExactArgs(1), Example: "  whetstone workspace remove shop --yes",
	}, func(ctx context.Context, a *app, args []string) error {
		if !yes {
			return fmt.Errorf("this removes every article, case, key and suggestion of %s for good: say --yes if you mean it", args[0])
		}
		if err := a.kb.Remove(ctx, args[0]); err != nil {
			return err
		}
		s, err := a.openSpace(ctx, false)
		if errors.Is(err, memindex.ErrInUse) {
			return nil // the server that has the index notices
		}
		if err != nil {
			return err
		}
		return retrieval.Drop(ctx, s.Index, args[0])
	})
	remove.Flags().BoolVar(&yes, "yes", false, "do it")
	return group(cmd, add, list, remove)
}

// group makes cmd the head of other commands. By itself it only explains them;
// a word that is none of them is an error.
func group(cmd *cobra.Command, subs ...*cobra.Command) *cobra.Command {
	cmd.Args = cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(subs...)
	return cmd
}

// A workspaceView is a line of `workspace list`.
type workspaceView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Articles int    `json:"articles"`
	Cases    int    `json:"cases"`
}

func (c *cli) listWorkspaces(ctx context.Context, a *app) error {
	ws, err := a.kb.Workspaces(ctx)
	if err != nil {
		return err
	}
	views := make([]workspaceView, len(ws))
	for i, w := range ws {
		n, err := a.kb.In(w.ID).Count(ctx)
		if err != nil {
			return err
		}
		views[i] = workspaceView{w.ID, w.Name, n["article"], n["case"]}
	}
	if c.json {
		return c.printJSON(views)
	}
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "ID\tARTICLES\tCASES\tNAME")
	for _, v := range views {
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%s\n", v.ID, v.Articles, v.Cases, v.Name)
	}
	return t.Flush()
}

// withApp makes cmd run do on an app that is opened before and closed after.
func (c *cli) withApp(cmd *cobra.Command, do func(context.Context, *app, []string) error) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		a, err := c.openCLI(cmd.Context())
		if err != nil {
			return err
		}
		defer a.closing(&err)
		return do(cmd.Context(), a, args)
	}
	return cmd
}

func (c *cli) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "config", Short: "Print the settings in force", Args: cobra.NoArgs, Example: "  whetstone config",
		RunE: func(*cobra.Command, []string) error {
			cfg, err := c.config()
			if err != nil {
				return err
			}
			if c.json {
				out := make(map[string]string)
				for _, s := range cfg.settings() {
					out[s.name] = s.shown()
				}
				return c.printJSON(out)
			}
			for _, s := range cfg.settings() {
				c.printf("# %s\n%s=%s\n", s.about, s.name, s.shown())
			}
			return nil
		},
	}
	c.jsonFlag(cmd)
	return cmd
}
