/**
 * What a broker shows over HTTP: its metrics as Prometheus reads them, whether it is well, and what its cluster looks like, as JSON.
 *
 * <p>{@link io.milena.console.Console} owns one {@link io.milena.console.HttpListener}, which answers before the broker does, so that a long start can be told from a dead process.
 * A {@link io.milena.console.Page} answers one path; {@link io.milena.console.RequestGuard} decides first whether the request may be answered at all: a listener on
 * the loopback interface answers only those who call it by a loopback name, so that no web page of somebody else's can read it by pointing its own name here.
 *
 * <p>A {@link io.milena.console.Router} finds the page. Those under {@code /api/v1} ask the {@link io.milena.console.Cluster} in the words of Kafka's protocol, without a connection ({@code LocalApi}): what an
 * admin client can see can be shown, and a broker elsewhere can be asked the same. They exist only where the listener is on the loopback interface. {@code openapi.json} describes them.
 *
 * <p>Threads: one of the JDK's own that takes requests, and a virtual thread for each of the requests at work, whose number has a bound. Nothing runs, and no class of
 * the metrics library is loaded, while nobody asks. Metrics are read one request at a time.
 *
 * <p>Tested with the JDK's client and with raw sockets against a running broker; what a real Prometheus would read is checked by a parser of the test's own, and every JSON answer against its description.
 *
 * <p>Not here: what is measured ({@code io.milena.broker.metrics}).
 */
@NullMarked
package io.milena.console;

import org.jspecify.annotations.NullMarked;
