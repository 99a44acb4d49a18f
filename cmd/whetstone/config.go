package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/api/auth"
	"github.com/whetstone-desk/whetstone/kb/sqldb"
)

// config is every setting of Whetstone. All of them may be empty: the zero
// installation needs none.
type config struct {
	Data, Addr, Database, Workspace    string
	QdrantURL, QdrantKey, QdrantPrefix string
	EmbedURL, EmbedModel, EmbedKey     string
	EmbedDim                           int
	ChatURL, ChatModel, ChatKey        string
	ChatTimeout                        time.Duration
	Rate                               float64
	Burst                              int
	KeepDays                           int
	MaxBody                            int64
	LogLevel, LogFormat                string

	Proxies, OIDCIssuer, OIDCClient string
	OIDCSecret, OIDCRole            string
	OIDCTrustEmail                  bool

	Folders                          string // that connections may read, as in PATH
	FetchPrivate                     bool
	SMTPAddr, SMTPUser, SMTPPassword string
	SMTPFrom, SMTPLanguage           string
	tokens                           map[string]token // of connections, by name
}

// A setting is one line of the settings page: where it is read from, what it
// means and where it goes.
type setting struct {
	name   string // of the environment variable
	def    string
	about  string
	secret bool
	to     any // *string, *bool, *int, *int64, *float64 or *time.Duration
}

// settings lists them all. The environment, the settings file, `whetstone
// config` and the documentation are read off this list.
func (c *config) settings() []setting {
	return []setting{
		{"WHETSTONE_DATA", "whetstone-data", "folder for the database and the index", false, &c.Data},
		{"WHETSTONE_ADDR", "127.0.0.1:8080", "address to listen on", false, &c.Addr},
		{"WHETSTONE_DATABASE", "", "postgres://… ; empty: SQLite in the data folder", false, &c.Database},
		{"WHETSTONE_WORKSPACE", "default", "workspace that commands work in", false, &c.Workspace},
		{"WHETSTONE_QDRANT_URL", "", "http(s)://host:6334 of a Qdrant server (gRPC); empty: index in this process", false, &c.QdrantURL},
		{"WHETSTONE_QDRANT_KEY", "", "its API key", true, &c.QdrantKey},
		{"WHETSTONE_QDRANT_PREFIX", "whetstone", "what its collections' names begin with", false, &c.QdrantPrefix},
		{"WHETSTONE_EMBEDDINGS_URL", "", "base URL of an OpenAI-compatible server, such as http://localhost:11434/v1; empty: built-in embedder", false, &c.EmbedURL},
		{"WHETSTONE_EMBEDDINGS_MODEL", "", "embedding model on that server", false, &c.EmbedModel},
		{"WHETSTONE_EMBEDDINGS_KEY", "", "its API key", true, &c.EmbedKey},
		{"WHETSTONE_EMBEDDINGS_DIM", "0", "length of its vectors; 0: ask the server", false, &c.EmbedDim},
		{"WHETSTONE_CHAT_URL", "", "base URL of an OpenAI-compatible server that writes replies; empty: replies are quoted from sources", false, &c.ChatURL},
		{"WHETSTONE_CHAT_MODEL", "", "chat model on that server", false, &c.ChatModel},
		{"WHETSTONE_CHAT_KEY", "", "its API key", true, &c.ChatKey},
		{"WHETSTONE_CHAT_TIMEOUT", "20s", "how long it may take before the quoted reply is given instead", false, &c.ChatTimeout},
		{"WHETSTONE_RATE", "50", "requests a second for one key, on average; 0: no limit", false, &c.Rate},
		{"WHETSTONE_BURST", "200", "requests at once for one key", false, &c.Burst},
		{"WHETSTONE_PROXIES", "127.0.0.1 ::1", "addresses and networks of reverse proxies whose X-Forwarded-For is believed, with spaces between them", false, &c.Proxies},
		{"WHETSTONE_OIDC_ISSUER", "", "address of an OpenID provider by which people may sign in; empty: by password only", false, &c.OIDCIssuer},
		{"WHETSTONE_OIDC_CLIENT", "", "as which it knows this installation", false, &c.OIDCClient},
		{"WHETSTONE_OIDC_SECRET", "", "the secret for that", true, &c.OIDCSecret},
		{"WHETSTONE_OIDC_ROLE", "", "role of people who come by it for the first time: operator, lead, editor or admin; empty: only those who were invited may come", false, &c.OIDCRole},
		{"WHETSTONE_OIDC_TRUST_EMAIL", "false", "true: people are known by the provider's e-mail even if it does not say that it is verified; only where nobody can choose their own there", false, &c.OIDCTrustEmail},
		{"WHETSTONE_MAX_BODY", "5242880", "bytes a request's body, or a line of a bulk request, may have", false, &c.MaxBody},
		{"WHETSTONE_KEEP_DAYS", "30", "days after which suggestions lose the personal data of their questions, and solved tickets their texts; 0: never", false, &c.KeepDays},
		{"WHETSTONE_FOLDERS", "", "folders on this machine that connections may read, with " + string(os.PathListSeparator) + " between them; empty: none", false, &c.Folders},
		{"WHETSTONE_FETCH_PRIVATE", "false", "true: connections and webhooks may go to this machine and to private networks", false, &c.FetchPrivate},
		{"WHETSTONE_SMTP_ADDR", "", "host:port of the server that mails notices; empty: none are mailed", false, &c.SMTPAddr},
		{"WHETSTONE_SMTP_USER", "", "whom to log in as; empty: without logging in", false, &c.SMTPUser},
		{"WHETSTONE_SMTP_PASSWORD", "", "the password for that", true, &c.SMTPPassword},
		{"WHETSTONE_SMTP_FROM", "", "the sender's address", false, &c.SMTPFrom},
		{"WHETSTONE_SMTP_LANGUAGE", "en", "language of mailed notices: en or ru", false, &c.SMTPLanguage},
		{"WHETSTONE_LOG", "info", "debug, info, warn or error", false, &c.LogLevel},
		{"WHETSTONE_LOG_FORMAT", "text", "text or json", false, &c.LogFormat},
	}
}

// foreign are variables that begin like settings and are read by others:
// scripts that call the service, and the tests.
var foreign = []string{"WHETSTONE_URL", "WHETSTONE_KEY", "WHETSTONE_ENTER", "WHETSTONE_CONFIG", "WHETSTONE_TEST_"}

// load reads the settings: defaults, then the file named by WHETSTONE_CONFIG
// (or whetstone.env in the working folder, where there is one), then the
// environment. A name that is no setting is an error, so that a misspelt one
// does not go unnoticed.
func load(environ []string) (*config, error) {
	c := &config{tokens: make(map[string]token)}
	values := make(map[string]string)
	env := make(map[string]string)
	for _, e := range environ {
		if name, value, ok := strings.Cut(e, "="); ok && strings.HasPrefix(name, "WHETSTONE_") {
			env[name] = value
		}
	}
	if err := readFile(env["WHETSTONE_CONFIG"], values); err != nil {
		return nil, err
	}
	for name, value := range env {
		values[name] = value
	}
	all := c.settings()
	for name, value := range values {
		if of, ok := strings.CutPrefix(name, tokenPrefix); ok && of != "" {
			t, err := parseToken(value)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			c.tokens[of] = t
			continue
		}
		known := slices.ContainsFunc(all, func(s setting) bool { return s.name == name })
		if !known && !slices.ContainsFunc(foreign, func(f string) bool { return strings.HasPrefix(name, f) }) {
			return nil, fmt.Errorf("%s is no setting of Whetstone: see `whetstone config` for those there are", name)
		}
	}
	for _, s := range all {
		value, ok := values[s.name]
		if !ok || strings.TrimSpace(value) == "" {
			value = s.def
		}
		if err := s.set(strings.TrimSpace(value)); err != nil {
			return nil, err
		}
	}
	return c, c.check()
}

// readFile reads NAME=value lines into values. Without a path, a missing
// whetstone.env is no error.
func readFile(path string, values map[string]string) error {
	optional := path == ""
	if optional {
		path = "whetstone.env"
	}
	f, err := os.Open(path)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("settings file: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return fmt.Errorf("%s:%d: write NAME=value", path, n)
		}
		values[strings.TrimSpace(name)] = strings.Trim(strings.TrimSpace(value), `"'`)
	}
	return lines.Err()
}

func (s setting) set(value string) (err error) {
	switch to := s.to.(type) {
	case *string:
		*to = value
	case *bool:
		*to, err = strconv.ParseBool(value)
	case *int:
		*to, err = strconv.Atoi(value)
	case *int64:
		*to, err = strconv.ParseInt(value, 10, 64)
	case *float64:
		*to, err = strconv.ParseFloat(value, 64)
	case *time.Duration:
		*to, err = time.ParseDuration(value)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is not what belongs there (%s)", s.name, value, s.about)
	}
	return nil
}

// shown is the setting's value as it may be printed.
func (s setting) shown() string {
	var v string
	switch to := s.to.(type) {
	case *string:
		v = *to
	case *bool:
		v = strconv.FormatBool(*to)
	case *int:
		v = strconv.Itoa(*to)
	case *int64:
		v = strconv.FormatInt(*to, 10)
	case *float64:
		v = strconv.FormatFloat(*to, 'g', -1, 64)
	case *time.Duration:
		v = to.String()
	}
	if s.secret && v != "" {
		return "********"
	}
	if strings.Contains(v, "://") {
		return sqldb.Masked(v)
	}
	return v
}

// check reports settings that contradict each other.
func (c *config) check() error {
	switch {
	case c.EmbedURL != "" && c.EmbedModel == "":
		return errors.New("WHETSTONE_EMBEDDINGS_URL is set: set WHETSTONE_EMBEDDINGS_MODEL to the model to use there")
	case c.EmbedURL == "" && c.EmbedModel != "":
		return errors.New("WHETSTONE_EMBEDDINGS_MODEL is set: set WHETSTONE_EMBEDDINGS_URL to the server that has it")
	case c.ChatURL != "" && c.ChatModel == "":
		return errors.New("WHETSTONE_CHAT_URL is set: set WHETSTONE_CHAT_MODEL to the model to use there")
	case c.ChatURL == "" && c.ChatModel != "":
		return errors.New("WHETSTONE_CHAT_MODEL is set: set WHETSTONE_CHAT_URL to the server that has it")
	case c.SMTPAddr != "" && c.SMTPFrom == "":
		return errors.New("WHETSTONE_SMTP_ADDR is set: set WHETSTONE_SMTP_FROM to the address that mail comes from")
	case c.SMTPLanguage != "en" && c.SMTPLanguage != "ru":
		return errors.New("WHETSTONE_SMTP_LANGUAGE: use en or ru")
	case (c.OIDCIssuer == "") != (c.OIDCClient == ""):
		return errors.New("WHETSTONE_OIDC_ISSUER and WHETSTONE_OIDC_CLIENT: set both or neither")
	case c.OIDCRole != "" && !slices.Contains(auth.PersonRoles(), auth.Role(c.OIDCRole)):
		return errors.New("WHETSTONE_OIDC_ROLE: use operator, lead, editor or admin, or leave it empty")
	case c.MaxBody < 1024:
		return errors.New("WHETSTONE_MAX_BODY: at least 1024 bytes")
	case c.Database != "" && !sqldb.IsPostgres(c.Database):
		return errors.New("WHETSTONE_DATABASE: begin with postgres://, or leave it empty for SQLite in the data folder")
	}
	return c.checkProxies()
}

// dsn is where the database is.
func (c *config) dsn() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "whetstone.db")
}
