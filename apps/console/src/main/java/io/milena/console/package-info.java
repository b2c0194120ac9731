/**
 * What a broker shows and takes over HTTP: its metrics as Prometheus reads them, whether it is well, what its cluster looks like and what is to be changed there, as JSON; and records, for programs without a client of Kafka.
 *
 * <p>{@link io.milena.console.Console} owns one {@link io.milena.console.HttpListener}, which answers before the broker does, so that a long start can be told from a dead process.
 * A {@link io.milena.console.Page} answers one path and method; {@link io.milena.console.RequestGuard} decides first whether the request may be answered at all: a listener on
 * the loopback interface answers only those who call it by a loopback name, so that no web page of somebody else's can read it by pointing its own name here, and what changes something must come from its own pages or from no page.
 *
 * <p>A {@link io.milena.console.Router} finds the page. Those under {@code /api/v1} ask the {@link io.milena.console.Cluster} in the words of Kafka's protocol, without a connection ({@code LocalApi}): what an
 * admin client can see can be shown, and a broker elsewhere can be asked the same. They exist only where the listener is on the loopback interface, or is told its names. {@code openapi.json} describes them. What goes on for as long as
 * somebody listens is an {@link io.milena.console.EventStream}: its thread works, and its next write tells it that the reader has gone.
 *
 * <p>Threads: one of the JDK's own that takes requests, a virtual thread for each of the requests at work, whose number has a bound, one for the samples of the charts every ten seconds ({@link io.milena.console.Sampler}; by the clock of the brokers, as all ages are told, while whoever reads has the patience of the machine's),
 * one for each consumer that a program has opened, and up to four platform threads for each search or replay, which look ahead ({@link io.milena.console.SideBySide}). No class of the metrics library is loaded while nobody asks. Metrics are read one request at a time.
 *
 * <p>Tested with the JDK's client and with raw sockets against a running broker; what a real Prometheus would read is checked by a parser of the test's own, and every JSON answer against its description.
 *
 * <p>Decisions stand apart: what a search looks for ({@code search}), what is worth a warning ({@code warnings}), and the rings of the charts ({@code charts}).
 *
 * <p>Not here: what is measured ({@code io.milena.broker.metrics}).
 */
@NullMarked
package io.milena.console;

import org.jspecify.annotations.NullMarked;
