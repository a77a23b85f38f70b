package main

import "syscall"

// dieWithParent asks the kernel to end the process when the thread that
// started it ends, which covers kill -9 of testbed itself. main holds its
// thread, and starts the servers from it, for this.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGQUIT }
