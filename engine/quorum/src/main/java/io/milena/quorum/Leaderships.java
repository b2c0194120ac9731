package io.milena.quorum;

/**
 * Makes one sequence, whose epochs never go back, of what Ratis' threads say about who leads. An epoch has one leader at most, so each is told of twice at most: when it begins and, by who led,
 * when it ends. Safe for use by many threads.
 */
final class Leaderships {
    private final int self;
    private final Delivery delivery;
    private volatile Leadership current = new Leadership(0, Leadership.NOBODY);

    Leaderships(int self, Delivery delivery) {
        this.self = self;
        this.delivery = delivery;
    }

    Leadership current() {
        return current;
    }

    /** This node leads and has handed out all that earlier leaders have committed. */
    synchronized void begun(int epoch) {
        change(new Leadership(epoch, self));
    }

    /** Another node leads. This one says so itself, later. */
    synchronized void seen(int epoch, int leaderId) {
        if (leaderId != self) {
            change(new Leadership(epoch, leaderId));
        }
    }

    private void change(Leadership next) {
        if (next.epoch() > current.epoch()) {
            tell(next);
        }
    }

    /** This node leads no more. */
    synchronized void ended() {
        if (current.isBy(self)) {
            tell(new Leadership(current.epoch(), Leadership.NOBODY));
        }
    }

    private void tell(Leadership next) {
        current = next;
        delivery.leadership(next);
    }
}
