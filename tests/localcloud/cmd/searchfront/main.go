// Command searchfront runs OpenSearch and stands in front of it as the endpoint of a domain. See package searchfront.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"example.com/log-pipeline/tests/localcloud/searchfront"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() error {
	var options searchfront.Options
	flag.StringVar(&options.Dir, "dir", "", "folder of its files")
	flag.StringVar(&options.Emulator, "emulator", "", "file that says where the emulator is")
	flag.StringVar(&options.Programs.Home, "home", "", "folder of OpenSearch")
	flag.StringVar(&options.Programs.Java, "java", "", "launcher of its Java")
	flag.StringVar(&options.Source, "source", "", "what it is started from")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return searchfront.Run(ctx, options)
}
