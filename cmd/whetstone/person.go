package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/whetstone-desk/whetstone/api"
	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/training"
)

func (c *cli) personCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "person", Short: "Invite, list and remove those who sign in to the console", Example: "  whetstone person add --email anna@example.org --role admin"}
	var who auth.Person
	var role string
	add := c.withApp(&cobra.Command{
		Use: "add", Short: "Invite somebody; prints the link by which they choose a password", Args: cobra.NoArgs,
		Example: "  whetstone person add --email anna@example.org --role admin",
	}, func(ctx context.Context, a *app, _ []string) (err error) {
		if who.WorkspaceID, err = a.workspace(ctx); err != nil {
			return err
		}
		who.Role = auth.Role(role)
		p, link, err := a.people.Invite(ctx, who)
		if err != nil {
			return err
		}
		return errors.Join(c.printLink(a, &p, &link), a.kept(ctx, who.WorkspaceID, auth.Entry{Method: "POST", Operation: "invite", Subject: p.ID, Detail: p.Email + " as " + string(p.Role)}))
	})
	add.Flags().StringVar(&who.Email, "email", "", "by which they sign in")
	add.Flags().StringVar(&who.Name, "name", "", "their name")
	add.Flags().StringVar(&role, "role", string(auth.Operator), "admin, editor, lead or operator")
	list := c.withApp(&cobra.Command{
		Use: "list", Short: "List who may sign in", Args: cobra.NoArgs, Example: "  whetstone person list --workspace shop",
	}, func(ctx context.Context, a *app, _ []string) error { return c.listPeople(ctx, a) })
	reset := c.withApp(&cobra.Command{
		Use: "reset EMAIL", Short: "End somebody's password and sessions; prints the link by which they choose another", Args: cobra.ExactArgs(1),
		Example: "  whetstone person reset anna@example.org",
	}, func(ctx context.Context, a *app, args []string) error {
		p, err := a.people.ByEmail(ctx, a.cfg.Workspace, args[0])
		if err != nil {
			return fmt.Errorf("%w %s", err, args[0])
		}
		p, link, err := a.people.Reset(ctx, a.cfg.Workspace, p.ID)
		if err != nil {
			return err
		}
		return errors.Join(c.printLink(a, &p, &link), a.kept(ctx, a.cfg.Workspace, auth.Entry{Method: "POST", Operation: "reset-person", Subject: p.ID, Detail: p.Email}))
	})
	remove := c.withApp(&cobra.Command{
		Use: "remove EMAIL", Short: "Remove somebody, with their sessions", Args: cobra.ExactArgs(1), Example: "  whetstone person remove anna@example.org",
	}, func(ctx context.Context, a *app, args []string) error {
		p, err := a.people.ByEmail(ctx, a.cfg.Workspace, args[0])
		if err != nil {
			return fmt.Errorf("%w %s", err, args[0])
		}
		if err := a.people.Remove(ctx, a.cfg.Workspace, p.ID); err != nil {
			return err
		}
		return a.kept(ctx, a.cfg.Workspace, auth.Entry{Method: "DELETE", Operation: "delete-person", Subject: p.ID, Detail: p.Email})
	})
	for _, sub := range []*cobra.Command{add, list, reset} {
		c.jsonFlag(sub)
	}
	return group(cmd, add, list, reset, remove)
}

// printLink prints a link as it works on the address of the settings.
func (c *cli) printLink(a *app, p *auth.Person, l *auth.Link) error {
	url := "http://" + a.cfg.Addr + l.Path()
	if c.json {
		return c.printJSON(map[string]string{
			"id": p.ID, "email": p.Email, "role": string(p.Role), "kind": string(l.Kind), "link": url, "path": l.Path(), "expires_at": l.ExpiresAt.Format(time.RFC3339),
		})
	}
	c.printf("%s\n", url)
	c.note("%s of %s as %s; it works once, until %s, and cannot be shown again", l.Kind, p.Email, p.Role, l.ExpiresAt.Format("2006-01-02 15:04 MST"))
	return nil
}

// sayFirst says on a new installation how the first person gets in: nobody can
// be invited in a console that nobody can enter.
func (a *app) sayFirst(ctx context.Context, c *cli) {
	if people, err := a.people.List(ctx, a.cfg.Workspace); err == nil && len(people) == 0 && a.cfg.OIDCIssuer == "" {
		c.note("nobody can sign in to the console yet; this prints a link for you: whetstone person add --email you@example.org --role admin")
	}
}

// A personView is a line of `person list`.
type personView struct {
	ID        string     `json:"id"`
	Email     string     `json:"email"`
	Name      string     `json:"name"`
	Role      auth.Role  `json:"role"`
	Active    bool       `json:"active"`
	EnteredAt *time.Time `json:"entered_at"`
}

func (c *cli) listPeople(ctx context.Context, a *app) error {
	people, err := a.people.List(ctx, a.cfg.Workspace)
	if err != nil {
		return err
	}
	views := make([]personView, len(people))
	for i, p := range people {
		views[i] = personView{p.ID, p.Email, p.Name, p.Role, p.Active, p.EnteredAt}
	}
	if c.json {
		return c.printJSON(views)
	}
	t := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "EMAIL\tROLE\tLAST HERE\tNAME")
	for _, v := range views {
		here := "invited"
		if v.EnteredAt != nil {
			here = v.EnteredAt.Format("2006-01-02 15:04")
		}
		if !v.Active {
			here = "not active"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", v.Email, v.Role, here, v.Name)
	}
	return t.Flush()
}

// oidc is the OpenID provider of the settings, or nil.
func (c *config) oidc() *api.OIDC {
	if c.OIDCIssuer == "" {
		return nil
	}
	return &api.OIDC{
		Issuer: c.OIDCIssuer, Client: c.OIDCClient, Secret: c.OIDCSecret, Role: auth.Role(c.OIDCRole), Workspace: c.Workspace, TrustEmail: c.OIDCTrustEmail,
	}
}

// checkProxies reports an entry that is neither an address nor a network.
func (c *config) checkProxies() error {
	for _, p := range strings.Fields(c.Proxies) {
		_, err := netip.ParseAddr(p)
		if err != nil {
			_, err = netip.ParsePrefix(p)
		}
		if err != nil {
			return fmt.Errorf("WHETSTONE_PROXIES: %q: write addresses or networks, as in 10.0.0.0/8, with spaces between them", p)
		}
	}
	return nil
}

// peopleJobs is the part of the timetable that forgets who was here.
func (a *app) peopleJobs() []training.Job {
	return []training.Job{
		{
			Name: "forget-audit", About: "Forgets what was changed more than 400 days ago.",
			Spec: "31 4 * * *", Timeout: 10 * time.Minute,
			Run: func(ctx context.Context) (string, error) {
				n, err := a.audit.Forget(ctx, time.Now().Add(-api.AuditKept))
				return fmt.Sprintf("%d forgotten", n), err
			},
		},
		{
			Name: "forget-sessions", About: "Forgets sessions and links that are over.",
			Spec: "41 * * * *", Timeout: time.Minute,
			Run: func(ctx context.Context) (string, error) {
				n, err := a.people.Forget(ctx)
				return fmt.Sprintf("%d forgotten", n), err
			},
		},
	}
}
