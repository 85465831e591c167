package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// topic is something that help explains besides commands.
type topic struct {
	name, summary string
	text          func() string
}

// topics makes the table of topics.
var topics = func() []topic {
	return []topic{
		{"arch", "networks: names, and the elements of a SPEC", archHelp},
		{"data", "data sets: names, and what a path may hold", dataHelp},
		{"maps", "eigenvalue mappings: families and tables", mapsHelp},
		{"environment", "variables read, exit statuses, what Ctrl-C does", environmentHelp},
	}
}

func helpCommand() *command {
	return &command{
		name:    "help",
		summary: "explain a command or a topic",
		args:    "[COMMAND|TOPIC]",
		example: "randalign help eig",
		run: func(_ context.Context, e *env) error {
			if len(e.args) == 0 {
				writeUsage(e.stdout)
				return nil
			}
			name, err := e.oneArg("a command or topic")
			if err != nil {
				return err
			}
			for _, t := range topics() {
				if t.name == name {
					e.printf("%s\n", strings.TrimSpace(t.text()))
					return nil
				}
			}
			c, err := findCommand(name)
			if err != nil {
				return err
			}
			writeHelp(e.stdout, c)
			return nil
		},
	}
}

// writeUsage writes the list of commands and topics.
func writeUsage(w io.Writer) {
	fmt.Fprint(w, "randalign COMMAND [flags] [args]\n\ncommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-11s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\n`randalign help COMMAND` shows flags, defaults, units and an example; topics:\n")
	for _, t := range topics() {
		fmt.Fprintf(w, "  %-11s %s\n", t.name, t.summary)
	}
}

// writeHelp writes what there is to know about a command.
func writeHelp(w io.Writer, c *command) {
	usage := "randalign " + c.name
	if c.args != "" {
		usage += " " + c.args
	}
	fmt.Fprintf(w, "randalign %s: %s\n\nusage: %s [flags]\n", c.name, c.summary, usage)
	if c.about != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.about))
	}
	d := defaults()
	f := c.flagSet(&d)
	fmt.Fprint(w, "\nflags:\n")
	const column = 24
	for _, d := range f.defs {
		left := "  " + d.dashed()
		if d.value != "" {
			left += " " + d.value
		}
		if len(left) >= column {
			left += "\n" + strings.Repeat(" ", column-1)
		}
		usage := d.usage
		if d.def != "" {
			usage += " (default " + d.def + ")"
		}
		fmt.Fprintf(w, "%-*s %s\n", column-1, left, usage)
	}
	fmt.Fprintf(w, "\nexample:\n  %s\n", c.example)
}

func environmentHelp() string {
	return `
variables:
  RANDALIGN_DATA     folder of data sets (default: randalign in the user's cache folder)
  RANDALIGN_KERNEL   kernel path, where --kernel is not given
  NO_COLOR           if not empty, no colours on the terminal

exit statuses:
  0     done
  1     a run failed
  2     flags, files or data that cannot be used
  3     --strict, and a claim does not hold
  130   interrupted

Ctrl-C or SIGTERM stops cleanly: what is finished is kept, and the message says
the command that goes on. A second one kills at once.`
}
