package qdrantindex_test

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// server returns the address of a Qdrant server to test with: the one that
// WHETSTONE_TEST_QDRANT names, or one that is started for the test and ended
// with it.
func server(t *testing.T) string {
	t.Helper()
	if address := os.Getenv("WHETSTONE_TEST_QDRANT"); address != "" {
		return address
	}
	program, err := exec.LookPath("qdrant")
	if err != nil {
		t.Skip("NOT TESTED WITH QDRANT: set WHETSTONE_TEST_QDRANT to the host:port of a server's gRPC, or put a qdrant program on the PATH")
	}
	dir, ports := t.TempDir(), freePorts(t, 2)
	cmd := exec.Command(program, "--disable-telemetry")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"QDRANT__SERVICE__HOST=127.0.0.1", "QDRANT__SERVICE__HTTP_PORT="+ports[0], "QDRANT__SERVICE__GRPC_PORT="+ports[1],
		"QDRANT__STORAGE__STORAGE_PATH="+dir+"/storage", "QDRANT__STORAGE__SNAPSHOTS_PATH="+dir+"/snapshots",
		"QDRANT__LOG_LEVEL=ERROR", "RUN_MODE=production")
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		for range ended {
		}
		if t.Failed() {
			t.Log(output.String())
		}
	})
	await(t, "http://127.0.0.1:"+ports[0]+"/readyz", ended)
	return "127.0.0.1:" + ports[1]
}

// await returns when a server says that it is ready.
func await(t *testing.T, url string, ended <-chan error) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for {
		if r, err := http.Get(url); err == nil {
			_ = r.Body.Close() // nothing was read
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-tick.C:
		case err := <-ended:
			t.Fatalf("qdrant ended: %v", err)
		case <-late:
			t.Fatal("qdrant is not ready after a minute")
		}
	}
}

// freePorts returns ports that nobody listens on.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	var ports []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, port)
	}
	return ports
}
