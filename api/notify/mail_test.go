package notify_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/api/notify"
	"github.com/whetstone-desk/whetstone/kb/notice"
	"github.com/whetstone-desk/whetstone/kb/sqldbtest"
)

// A mailServer is a small SMTP server (RFC 5321) that keeps what it is told.
type mailServer struct {
	t        *testing.T
	addr     string
	config   *tls.Config // nil: it offers no STARTTLS
	auth     bool        // it offers PLAIN
	refuse   string      // the command it answers with the line in with
	with     string
	commands []string
	inTLS    []bool // of each command
	messages []string
	done     chan struct{}
}

// serve starts the server for one session.
func (s *mailServer) serve() {
	s.done = make(chan struct{})
	l, err := (&net.ListenConfig{}).Listen(s.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.addr = l.Addr().String()
	s.t.Cleanup(func() {
		_ = l.Close() // ends the wait for a session that never came
		<-s.done
	})
	go func() {
		defer close(s.done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.session(conn)
	}()
}

func (s *mailServer) session(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	secure, r := false, bufio.NewReader(conn)
	say := func(line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 test")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.commands, s.inTLS = append(s.commands, line), append(s.inTLS, secure)
		verb, _, _ := strings.Cut(line, " ")
		switch {
		case s.refuse != "" && strings.HasPrefix(line, s.refuse):
			say(s.with)
		case verb == "EHLO":
			for _, offer := range s.offers(secure) {
				say("250-" + offer)
			}
			say("250 8BITMIME")
		case verb == "STARTTLS":
			say("220 go on")
			c := tls.Server(conn, s.config)
			conn, r, secure = c, bufio.NewReader(c), true
		case verb == "AUTH":
			say("235 welcome")
		case verb == "DATA":
			say("354 go on")
			s.messages = append(s.messages, body(r))
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 yes")
		}
	}
}

func (s *mailServer) offers(secure bool) []string {
	offers := []string{"test"}
	if s.config != nil && !secure {
		offers = append(offers, "STARTTLS")
	}
	if s.auth {
		offers = append(offers, "AUTH PLAIN")
	}
	return offers
}

// body reads a message up to its end, with CR LF as it came.
func body(r *bufio.Reader) string {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String()
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

// certificate returns the two sides of a TLS connection to 127.0.0.1.
func certificate(t *testing.T) (server, client *tls.Config) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates, MinVersion: tls.VersionTLS12}, &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// mailed sends one notice by e-mail through the server and returns what became
// of its delivery.
func mailed(t *testing.T, s *mailServer, m notify.Mail, subject string) notice.Delivery {
	t.Helper()
	s.t = t
	s.serve()
	p := open(t, sqldbtest.SQLite(t))
	m.Addr = s.addr
	p.Mail = m
	h := p.hook(notice.Hook{Email: "anna@example.org"})
	p.add(subject)
	p.send()
	<-s.done
	return p.one(h)
}

func TestAnEMailTellsANotice(t *testing.T) {
	for _, tt := range []struct {
		language, subject string
		want              []string
	}{
		{"en", "Refunds", []string{
			"[Whetstone] A gap in the knowledge base: Refunds", "does not cover", "Workspace: acme",
			"Time: 2026-03-02 12:00 UTC", "Requests: 7", "Tickets: T-1, T-2", "Probability of chance: 0.000123",
		}},
		{"ru", "Возврат денег " + strings.Repeat("очень длинно ", 14), []string{
			"[Whetstone] Найден пробел в базе знаний: Возврат денег", "Клиенты спрашивают", "Рабочее пространство: acme", "Обращения: T-1, T-2",
		}},
	} {
		t.Run(tt.language, func(t *testing.T) {
			s := new(mailServer)
			d := mailed(t, s, notify.Mail{From: "Help <desk@example.com>", Language: tt.language}, tt.subject)
			if d.Status != notice.Delivered || d.Code != 250 || len(s.messages) != 1 {
				t.Fatalf("delivery reads %+v with %d messages", d, len(s.messages))
			}
			for line := range strings.SplitSeq(s.messages[0], "\r\n") {
				if len(line) > 200 || strings.ContainsAny(line, "\r\n") {
					t.Errorf("line of %d bytes: %q", len(line), line)
				}
			}
			m, err := mail.ReadMessage(strings.NewReader(s.messages[0]))
			if err != nil {
				t.Fatal(err)
			}
			title, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(title+"\n"+string(text), want) {
					t.Errorf("no %q in\n%s\n%s", want, title, text)
				}
			}
			if got := m.Header.Get("From") + " " + m.Header.Get("To"); got != `"Help" <desk@example.com> anna@example.org` {
				t.Errorf("from and to read %q", got)
			}
			if got, want := m.Header.Get("Message-ID"), "<"+d.ID+"@example.com>"; got != want {
				t.Errorf("message id %s, want %s", got, want)
			}
			if !slices.Contains(s.commands, "MAIL FROM:<desk@example.com> BODY=8BITMIME") || !slices.Contains(s.commands, "RCPT TO:<anna@example.org>") {
				t.Errorf("the server was told %q", s.commands)
			}
		})
	}
}

func TestAPasswordIsSentEncryptedOnly(t *testing.T) {
	server, client := certificate(t)
	s := &mailServer{config: server, auth: true}
	d := mailed(t, s, notify.Mail{From: "desk@example.com", User: "desk", Password: "hunter2", TLS: client}, "Refunds")
	if d.Status != notice.Delivered {
		t.Fatalf("delivery reads %+v", d)
	}
	login := "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00desk\x00hunter2"))
	at := slices.Index(s.commands, login)
	if at < 0 || !s.inTLS[at] {
		t.Errorf("the server was told %q, encrypted %v", s.commands, s.inTLS)
	}
}

func TestAServerThatIsNotWhoItSaysGetsNoMessage(t *testing.T) {
	server, _ := certificate(t)
	s := &mailServer{config: server, auth: true}
	d := mailed(t, s, notify.Mail{From: "desk@example.com", User: "desk", Password: "hunter2"}, "Refunds")
	if d.Status != notice.Pending || !strings.Contains(d.Error, "certificate") {
		t.Errorf("delivery reads %+v", d)
	}
	if len(s.messages) != 0 || strings.Contains(strings.Join(s.commands, "\n"), "AUTH") {
		t.Errorf("the server was told %q", s.commands)
	}
}

func TestAMailServersRefusalIsKeptWithItsCode(t *testing.T) {
	for _, tt := range []struct {
		name, refuse, with string
		status             notice.Status
		code               int
		want               string
	}{
		{"of a recipient, for good", "RCPT", "550 no such user", notice.Failed, 550, "no such user"},
		{"for the moment", "RCPT", "451 greylisted", notice.Pending, 451, "greylisted"},
		{"of a login, which may repeat the password", "AUTH", "535 hunter2 is wrong", notice.Pending, 535, "WHETSTONE_SMTP_PASSWORD"},
		{"of a message", "DATA", "554 spam with hunter2", notice.Failed, 554, "spam with ***"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server, client := certificate(t)
			s := &mailServer{config: server, auth: true, refuse: tt.refuse, with: tt.with}
			d := mailed(t, s, notify.Mail{From: "desk@example.com", User: "desk", Password: "hunter2", TLS: client}, "Refunds")
			if d.Status != tt.status || d.Code != tt.code || !strings.Contains(d.Error, tt.want) || strings.Contains(d.Error, "hunter2") {
				t.Errorf("delivery reads %+v", d)
			}
		})
	}
}

func TestNothingThatOthersWroteBecomesAHeader(t *testing.T) {
	s := &mailServer{t: t}
	s.serve()
	p := open(t, sqldbtest.SQLite(t))
	p.Mail = notify.Mail{Addr: s.addr, From: "desk@example.com"}
	h := p.hook(notice.Hook{Email: "anna@example.org"})
	p.add("Refunds")
	// A row that was written past the store, with what it would have refused.
	err := p.db.Exec("UPDATE notices SET subject = ?", "Refunds\r\nBcc: eve@example.org\r\n\r\nBuy now\n.\n").Error
	if err != nil {
		t.Fatal(err)
	}
	p.send()
	<-s.done
	if d := p.one(h); d.Status != notice.Delivered {
		t.Fatalf("delivery reads %+v", d)
	}
	m, err := mail.ReadMessage(strings.NewReader(s.messages[0]))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Bcc") != "" || !strings.Contains(m.Header.Get("Subject"), "Bcc: eve") {
		t.Errorf("header reads %v", m.Header)
	}
	if err := p.db.Exec("UPDATE hooks SET email = ?", "anna@example.org\r\nRCPT TO:<eve@example.org>").Error; err != nil {
		t.Fatal(err)
	}
	if err := p.db.Exec("UPDATE deliveries SET status = ?, due = ?", notice.Pending, noon).Error; err != nil {
		t.Fatal(err)
	}
	p.send()
	if d := p.one(h); d.Status != notice.Failed || !strings.Contains(d.Error, "no plain address") {
		t.Errorf("delivery reads %+v", d)
	}
}

func TestEMailWithoutSettingsSaysWhichToSet(t *testing.T) {
	for _, tt := range []struct {
		mail notify.Mail
		want string
	}{
		{notify.Mail{}, "WHETSTONE_SMTP_ADDR"},
		{notify.Mail{Addr: "localhost"}, "WHETSTONE_SMTP_ADDR"},
		{notify.Mail{Addr: "localhost:25"}, "WHETSTONE_SMTP_FROM"},
		{notify.Mail{Addr: "localhost:25", From: "desk@example.com\r\nBcc: eve@example.org"}, "WHETSTONE_SMTP_FROM"},
		{notify.Mail{Addr: "localhost:25", From: "desk@example.com", Language: "de"}, "WHETSTONE_SMTP_LANGUAGE"},
	} {
		p := open(t, sqldbtest.SQLite(t))
		p.Mail = tt.mail
		h := p.hook(notice.Hook{Email: "anna@example.org"})
		p.add("Refunds")
		p.send()
		if d := p.one(h); d.Status != notice.Failed || !strings.Contains(d.Error, tt.want) {
			t.Errorf("%+v: delivery reads %+v, want %s", tt.mail, d, tt.want)
		}
	}
}
