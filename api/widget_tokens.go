package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// widgetPrefix marks a widget's token, as opposed to a key.
const widgetPrefix = "wst_"

// widgetTime is how long a widget's token holds. The helpdesk makes another.
const widgetTime = 15 * time.Minute

// Widgets keeps where a workspace's panel may be shown, and makes and checks the
// tokens that it works with. Its methods may be called from many goroutines and
// processes.
type Widgets struct {
	db  *gorm.DB
	now func() time.Time

	mu    sync.Mutex
	known map[string]knownWidget // by workspace
}

// A knownWidget spares a database read on each call of a panel.
type knownWidget struct {
	widget widget
	until  time.Time
}

// widgetKnown is how long a workspace's settings are believed: what is changed
// in another process holds there no later than this.
const widgetKnown = 5 * time.Second

// NewWidgets returns the widgets kept in db, whose schema must be current. now
// is the clock; nil: time.Now.
func NewWidgets(db *gorm.DB, now func() time.Time) *Widgets {
	if now == nil {
		now = time.Now
	}
	return &Widgets{db: db, now: now, known: make(map[string]knownWidget)}
}

// A widget is what is kept of a workspace's.
type widget struct {
	WorkspaceID string    `gorm:"primaryKey"`
	Origins     []string  `gorm:"serializer:json"` // of pages that may show the panel
	Secret      string    // that tokens are signed with; never shown
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"` // UTC
}

// A WidgetToken is what a token says: one operator at one ticket.
type WidgetToken struct {
	Workspace string `json:"w"`
	Ticket    string `json:"t"`
	Operator  string `json:"o"`
	Group     string `json:"g,omitempty"`
	Page      string `json:"p"` // names the panel's page: see Widgets.Ancestors
	Expires   int64  `json:"e"` // Unix seconds
}

// At returns the origins of the pages that may show the workspace's panel, as
// they are stored at this moment, with their version: it changes with every
// write, and is 0 where none was made.
func (ws *Widgets) At(ctx context.Context, workspace string) (origins []string, version int64, err error) {
	w, err := ws.stored(ctx, workspace)
	if err != nil || w.Secret == "" {
		return nil, 0, err
	}
	return w.Origins, w.UpdatedAt.UnixMicro(), nil
}

func (ws *Widgets) stored(ctx context.Context, workspace string) (w widget, err error) {
	if err := ws.db.WithContext(ctx).Where("workspace_id = ?", workspace).Limit(1).Find(&w).Error; err != nil {
		return widget{}, fmt.Errorf("api: widget of %s: %w", workspace, err)
	}
	return w, nil
}

// of returns what is kept of a workspace's widget: nothing, where nobody has
// set it up.
func (ws *Widgets) of(ctx context.Context, workspace string) (widget, error) {
	now := ws.now()
	ws.mu.Lock()
	k, ok := ws.known[workspace]
	ws.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.widget, nil
	}
	w, err := ws.stored(ctx, workspace)
	if err != nil || w.Secret == "" {
		return w, err // whoever makes names of workspaces up fills no memory
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.known[workspace] = knownWidget{w, now.Add(widgetKnown)}
	return w, nil
}

// A WidgetChange is what an admin says of the panel.
type WidgetChange struct {
	Origins []string // of pages that may show it
	Renew   bool     // tokens that were made before hold no more
	Read    *int64   // the version that was read, 0 for none; nil: whatever is there is replaced
}

// Set stores a change and returns the origins, in the form in which browsers
// send them, and their version. Where another was read it is kb.ErrConflict.
func (ws *Widgets) Set(ctx context.Context, workspace string, c WidgetChange) ([]string, int64, error) {
	clean := make([]string, 0, len(c.Origins))
	for _, o := range c.Origins {
		one, err := originOf(o)
		if err != nil {
			return nil, 0, err
		}
		if !slices.Contains(clean, one) {
			clean = append(clean, one)
		}
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	w := widget{WorkspaceID: workspace, Origins: clean, Secret: hex.EncodeToString(secret), UpdatedAt: ws.now().UTC().Truncate(time.Microsecond)}
	columns := []string{"origins"}
	if c.Renew {
		columns = append(columns, "secret")
	}
	if err := ws.write(ctx, &w, c.Read, columns); err != nil {
		return nil, 0, err
	}
	ws.mu.Lock()
	delete(ws.known, workspace)
	ws.mu.Unlock()
	return clean, w.UpdatedAt.UnixMicro(), nil
}

// write stores the columns of a widget, if the version that was read is still
// there; whatever is there if none was.
func (ws *Widgets) write(ctx context.Context, w *widget, read *int64, columns []string) error {
	db := ws.db.WithContext(ctx)
	done, err := true, error(nil)
	if read != nil {
		w.UpdatedAt = sqldb.After(*read)
		done, err = sqldb.Replace(db, w, *read, columns...)
	} else {
		err = db.Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "workspace_id"}}, DoUpdates: clause.AssignmentColumns(append(columns, "updated_at")),
		}).Create(w).Error
	}
	if err != nil {
		return fmt.Errorf("api: set widget of %s: %w", w.WorkspaceID, err)
	}
	if !done {
		return fmt.Errorf("%w: somebody has changed this since you have read it: nothing was written", kb.ErrConflict)
	}
	return nil
}

// originOf brings an origin to the form in which browsers send it, or says why
// it is none.
func originOf(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil ||
		strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "" || strings.ContainsAny(u.Host, "*;, '\"") {
		return "", fmt.Errorf("%w: origin %.100q: use one such as https://desk.example.org, without a path", auth.ErrInvalid, text)
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host, nil
}

// An IssuedWidget is a token that was made.
type IssuedWidget struct {
	Token string
	Page  string    // address of the panel's page on this server, with the token behind its #
	Until time.Time // UTC; then it no longer holds
}

// Issue makes a token. Where
// no page may show the panel it is auth.ErrInvalid.
func (ws *Widgets) Issue(ctx context.Context, t WidgetToken) (IssuedWidget, error) {
	w, err := ws.of(ctx, t.Workspace)
	if err != nil {
		return IssuedWidget{}, err
	}
	if len(w.Origins) == 0 {
		return IssuedWidget{}, fmt.Errorf("%w: no page may show the panel yet: an admin allows origins first", auth.ErrInvalid)
	}
	until := ws.now().UTC().Add(widgetTime).Truncate(time.Second)
	t.Expires, t.Page = until.Unix(), pageOf(&w)
	body, err := json.Marshal(t)
	if err != nil {
		return IssuedWidget{}, err
	}
	said := base64.RawURLEncoding.EncodeToString(body)
	token := widgetPrefix + said + "." + signed64(w.Secret, said)
	return IssuedWidget{Token: token, Page: "/widget/?of=" + url.QueryEscape(t.Page) + "#" + token, Until: until}, nil
}

// Verify returns what a token says, and the origins of pages that may show the
// panel, or auth.ErrUnauthorized.
func (ws *Widgets) Verify(ctx context.Context, token string) (WidgetToken, []string, error) {
	no := fmt.Errorf("%w: this token does not hold, or no longer: make another", auth.ErrUnauthorized)
	said, signature, ok := strings.Cut(strings.TrimPrefix(token, widgetPrefix), ".")
	if !ok || len(token) > 4096 {
		return WidgetToken{}, nil, no
	}
	var t WidgetToken
	body, err := base64.RawURLEncoding.DecodeString(said)
	if err != nil || json.Unmarshal(body, &t) != nil {
		return WidgetToken{}, nil, no
	}
	w, err := ws.of(ctx, t.Workspace)
	if err != nil {
		return WidgetToken{}, nil, err
	}
	if w.Secret == "" || !hmac.Equal([]byte(signature), []byte(signed64(w.Secret, said))) || ws.now().Unix() >= t.Expires {
		return WidgetToken{}, nil, no
	}
	return t, w.Origins, nil
}

// Ancestors returns the origins of the pages that may show the panel, for the
// Content-Security-Policy of the panel's page: none where the name of the page,
// which every token holds, is made up. The name opens nothing, holds until
// tokens are renewed and may stand in logs, where a token must not.
func (ws *Widgets) Ancestors(ctx context.Context, page string) ([]string, error) {
	at := strings.LastIndexByte(page, '.')
	if at < 0 || len(page) > 1024 {
		return nil, nil
	}
	w, err := ws.of(ctx, page[:at])
	if err != nil || w.Secret == "" || !hmac.Equal([]byte(page), []byte(pageOf(&w))) {
		return nil, err
	}
	return w.Origins, nil
}

// pageOf names the page of a workspace's panel so that nobody can guess it: who
// may show the panel is nobody else's business.
func pageOf(w *widget) string {
	return w.WorkspaceID + "." + signed64(w.Secret, "page "+w.WorkspaceID)
}

// signed64 is the signature of a text under a secret.
func signed64(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
