//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// A shopServer is one MariaDB server: it stands for the databases of others, so
// nothing that it holds need outlive it, and it makes no sync.
type shopServer struct {
	server
	bin, password string
}

func newShopServer(bin, dir, password string, who *account) *shopServer {
	m := &shopServer{bin: bin, password: password}
	m.server = server{name: "MariaDB", dir: dir, who: who, quit: syscall.SIGKILL, program: m.mariadbd, ready: m.greets}
	return m
}

// dsn is the address of the server, for a user who may do everything.
func (m *shopServer) dsn() string {
	return fmt.Sprintf("avow:%s@tcp(127.0.0.1:%d)/", m.password, m.port)
}

// create makes the server's files and what it runs at its start: over the loopback
// a password is asked for, because everybody on the machine can reach the port.
func (m *shopServer) create(ctx context.Context) error {
	users := fmt.Sprintf("DELETE FROM mysql.global_priv;\nFLUSH PRIVILEGES;\nCREATE USER avow@'127.0.0.1' IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO avow@'127.0.0.1' WITH GRANT OPTION;\n", m.password)
	if err := m.who.secret(m.dir+".users", users); err != nil {
		return err
	}
	install, err := exec.LookPath(filepath.Join(m.bin, "mariadb-install-db"))
	if err != nil {
		if install, err = exec.LookPath("mariadb-install-db"); err != nil {
			return fmt.Errorf("mariadb-install-db is missing beside %s: on Debian %s", filepath.Join(m.bin, "mariadbd"), mariadb().aptLine())
		}
	}
	cmd := m.who.command(ctx, filepath.Dir(m.dir), install, "--no-defaults", "--datadir="+m.dir, "--skip-test-db",
		"--auth-root-authentication-method=normal", "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=16M")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s in %s: %w\n%s(the account that runs MariaDB must be able to enter TMPDIR)", install, m.dir, err, out)
	}
	return nil
}

func (m *shopServer) mariadbd(port int) *exec.Cmd {
	socket := m.dir + ".sock"
	if len(socket) > socketMax {
		socket = "mariadb.sock" // in its own directory, which it has as its working directory
	}
	return m.who.command(context.Background(), m.dir, filepath.Join(m.bin, "mariadbd"), "--no-defaults", "--datadir="+m.dir,
		"--port="+strconv.Itoa(port), "--bind-address=127.0.0.1", "--socket="+socket, "--pid-file="+m.dir+".pid", "--init-file="+m.dir+".users",
		"--skip-name-resolve", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-flush-method=nosync",
		"--innodb-log-file-size=16M", "--innodb-buffer-pool-size=64M", "--performance-schema=0", "--max-connections=100")
}

// greets reports whether the server speaks first, as the protocol has it.
func (m *shopServer) greets(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(m.port)))
	if err != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	n, err := conn.Read(make([]byte, 1))
	return err == nil && n == 1
}
