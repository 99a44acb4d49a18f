package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"github.com/whetstone-desk/whetstone/kb/notice"
)

// Mail says how e-mail is sent: through one SMTP server, encrypted where the
// server can (STARTTLS, or from the start on port 465). With no Addr, what is
// to be sent by e-mail fails and says so.
type Mail struct {
	Addr     string // host:port
	User     string // empty: without logging in
	Password string // sent over an encrypted connection or to this machine only
	From     string // the sender's address, with or without a name
	Language string // "ru" or "en" (also if empty)

	// TLS is for servers whose certificate no public authority has signed;
	// nil: the usual.
	TLS *tls.Config
}

// Check reports which setting is missing or makes no sense, by the name that
// it has in the program's configuration; nil if e-mail can be sent.
func (m *Mail) Check() error {
	if m.Addr == "" {
		return errors.New("no mail server is set: set WHETSTONE_SMTP_ADDR to its host:port")
	}
	if host, port, err := net.SplitHostPort(m.Addr); err != nil || host == "" || port == "" {
		return errors.New("WHETSTONE_SMTP_ADDR: use host:port, such as smtp.example.org:587")
	}
	if _, err := m.from(); err != nil {
		return err
	}
	if m.Language != "" && m.Language != "en" && m.Language != "ru" {
		return errors.New("WHETSTONE_SMTP_LANGUAGE: use en or ru")
	}
	return nil
}

func (m *Mail) from() (*mail.Address, error) {
	a, err := mail.ParseAddress(m.From)
	if err != nil || strings.ContainsAny(m.From, "\r\n") || strings.ContainsAny(a.Name, "\r\n") || !plain(a.Address) {
		return nil, errors.New("WHETSTONE_SMTP_FROM: use one e-mail address, with or without a name")
	}
	return a, nil
}

// plain reports whether an address can stand in an SMTP command and a header.
func plain(address string) bool {
	return !strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' })
}

// send makes one attempt at an e-mail.
func (m *Mail) send(ctx context.Context, p *notice.Parcel, now time.Time) notice.Outcome {
	if err := m.Check(); err != nil {
		return notice.Outcome{Final: true, Error: err.Error()}
	}
	if !plain(p.Hook.Email) {
		return notice.Outcome{Final: true, Error: "the hook's email is no plain address"}
	}
	err := m.session(ctx, p, now)
	if err == nil {
		return notice.Outcome{OK: true, Code: 250}
	}
	o := notice.Outcome{Error: m.masked(err.Error())}
	var answer *textproto.Error
	if errors.As(err, &answer) {
		// From 550 on it is about the message or who it is for, and will be the
		// same again; codes below that are about the settings or the moment.
		o.Code, o.Final = answer.Code, answer.Code >= 550
	}
	if ctx.Err() != nil {
		o.Error = fmt.Sprintf("the mail server took more than %v", patience)
	}
	return o
}

// masked takes the password out of a text: servers may repeat what they were
// told.
func (m *Mail) masked(text string) string {
	if m.Password == "" {
		return text
	}
	return strings.ReplaceAll(text, m.Password, "***")
}

// session tells the server one message.
func (m *Mail) session(ctx context.Context, p *notice.Parcel, now time.Time) (err error) {
	c, err := m.dial(ctx)
	if err != nil {
		return fmt.Errorf("connecting to the mail server: %w", err)
	}
	defer func() { _ = c.Close() }() // after Quit it is closed already
	if m.User != "" {
		if err := m.login(c); err != nil {
			return err
		}
	}
	from, err := m.from()
	if err != nil {
		return err
	}
	if err := c.Mail(from.Address); err != nil {
		return fmt.Errorf("the mail server refuses the sender: %w", err)
	}
	if err := c.Rcpt(p.Hook.Email); err != nil {
		return fmt.Errorf("the mail server refuses the recipient: %w", err)
	}
	w, err := c.Data()
	if err != nil {
		return fmt.Errorf("the mail server refuses the message: %w", err)
	}
	if _, err := w.Write(letter(p, from, m.Language, now)); err != nil {
		return fmt.Errorf("sending the message: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("the mail server refuses the message: %w", err)
	}
	_ = c.Quit() // the message was taken: how the goodbye goes does not matter
	return nil
}

// dial connects to the server, encrypted if it can be. The connection ends with
// ctx.
func (m *Mail) dial(ctx context.Context) (*smtp.Client, error) {
	host, port, err := net.SplitHostPort(m.Addr)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", m.Addr)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if m.TLS != nil {
		config = m.TLS.Clone()
		config.ServerName = host
	}
	if port == "465" { // RFC 8314
		conn = tls.Client(conn, config)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if ok, _ := c.Extension("STARTTLS"); ok {
		if err := c.StartTLS(config); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

// login tells the server who is sending. What the server answers is left out of
// the error but for its code.
func (m *Mail) login(c *smtp.Client) error {
	if ok, _ := c.Extension("AUTH"); !ok {
		return errors.New("the mail server offers no login: leave WHETSTONE_SMTP_USER empty, or use its port for submission")
	}
	host, _, err := net.SplitHostPort(m.Addr)
	if err != nil {
		return err
	}
	// PlainAuth refuses to send a password in the clear, except to localhost.
	err = c.Auth(smtp.PlainAuth("", m.User, m.Password, host))
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return fmt.Errorf("the mail server refuses WHETSTONE_SMTP_USER and WHETSTONE_SMTP_PASSWORD: %w",
			&textproto.Error{Code: answer.Code, Msg: "not logged in"})
	}
	if err != nil {
		return fmt.Errorf("logging in to the mail server (the password is sent encrypted or not at all): %w", err)
	}
	return nil
}
