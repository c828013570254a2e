package localcloud

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"example.com/log-pipeline/tests/localcloud/apiserver"
	"example.com/log-pipeline/tests/localcloud/searchfront"
)

// last is what the last run left.
type last struct {
	emulator *emulator
	server   *apiserver.Server
	user     *userCluster
	search   *searchfront.Process
	state    checkpoint
}

func (c *Cloud) last() (last, error) {
	var found last
	var faults [5]error
	found.emulator, faults[0] = readEmulator(emulatorFile(c.dir))
	found.server, faults[1] = apiserver.Read(serverDir(c.dir))
	found.user, faults[2] = c.lastCluster()
	found.state, faults[3] = c.state()
	found.search, faults[4] = searchfront.Read(searchDir(c.dir))
	return found, errors.Join(faults[:]...)
}

// reuse takes up what an earlier run left, if all of it and the state can still
// belong together. Otherwise it says why, and ends and removes all.
func (c *Cloud) reuse(ctx context.Context, search *searchDomain) error {
	found, err := c.last()
	if err != nil {
		return err
	}
	if err := c.requireSameUser(found); err != nil {
		return err
	}
	reason := c.whyAfresh(ctx, found)
	if reason == "" {
		reason = search.whyAfresh(ctx, found.search)
	}
	if reason == "" && found.state.exists {
		c.emulator, c.server, c.search = found.emulator, found.server, found.search
		_, _ = fmt.Fprintf(c.out, "  %-28s still listens on %s\n", "emulator", found.emulator.endpoint())
		if c.server != nil {
			_, _ = fmt.Fprintf(c.out, "  %-28s still listens on %s\n", "API server", c.server.URL())
		}
		if c.search != nil {
			_, _ = fmt.Fprintf(c.out, "  %-28s still listens on https://%s\n", "search domain", c.search.Endpoint())
		}
		return killAll(ctx, c.dir, c.lasting()...)
	}
	if found.state.exists {
		_, _ = fmt.Fprintln(c.out, reason+": starting all afresh.")
	}
	if err := killAll(ctx, c.dir); err != nil {
		return err
	}
	for _, left := range []string{c.stateDir(), c.projectDir(), emulatorFile(c.dir), serverDir(c.dir), c.userKubeconfig(), searchDir(c.dir)} {
		if err := os.RemoveAll(left); err != nil {
			return fmt.Errorf("remove what the last run left: %w", err)
		}
	}
	return nil
}

// whyAfresh returns why what was found cannot be gone on with.
func (c *Cloud) whyAfresh(ctx context.Context, found last) string {
	switch {
	case found.emulator == nil || !found.emulator.alive(ctx):
		return "The emulator that held the resources is gone, so the state describes nothing"
	case !found.emulator.current(c.tools):
		return "The emulator runs an older version of this project's code"
	case found.state.doubtful:
		return "The last run was killed at work, so its state may not match what there is"
	case c.user != nil && found.user == nil:
		return "The cluster is another one than in the last run"
	case c.user != nil:
		return ""
	case found.server == nil || !found.server.Alive(ctx):
		return "The API server that held the objects is gone, so the state describes nothing"
	}
	if source, err := serverSource(c.tools); err != nil || source != found.server.Source {
		return "The API server runs an older version of this project's code"
	}
	return ""
}

// requireSameUser refuses to forget objects in a cluster of the user's.
func (c *Cloud) requireSameUser(found last) error {
	if found.user == nil || len(found.state.objects()) == 0 {
		return nil
	}
	if c.user != nil && c.user.server == found.user.server {
		return nil
	}
	return fmt.Errorf("the last run's objects are still in the cluster %s of the context %s: "+
		"`make down` deletes them, then another cluster can be used", found.user.server, found.user.context)
}

// removeObjects has the engine delete the program's objects from the cluster of
// the user's that the last run had. Where no state can tell it what they are,
// it says which it last knew.
func (c *Cloud) removeObjects(ctx context.Context) error {
	user, err := c.lastCluster()
	if err != nil || user == nil {
		return err
	}
	found, err := c.last()
	if err != nil || len(found.state.objects()) == 0 {
		return err
	}
	c.user = user
	if found.emulator != nil && found.emulator.alive(ctx) && !found.state.doubtful {
		return c.Destroy(ctx)
	}
	var names []string
	for _, object := range found.state.objects() {
		names = append(names, object.Type+" "+object.ID)
	}
	_, err = fmt.Fprintf(c.out, "The last run cannot be gone on with, so these objects may still be in the cluster %s:\n  %s\n",
		user.server, strings.Join(names, "\n  "))
	return err
}
