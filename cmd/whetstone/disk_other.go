//go:build !unix

package main

// freeBytes is how much room the disk of a folder has, if the system says.
func freeBytes(string) (uint64, bool) { return 0, false }
