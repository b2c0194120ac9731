/**
 * The active controller and the way to it. What it decides is {@code core/metadata}'s; here it meets requests, time and the metadata log. A broker that is alone decides for itself and needs
 * none of this.
 *
 * <p>Threads: one that the active controller looks at brokers' sessions on, one that keeps this broker registered and tells which of its directories have failed, and, where it
 * has several, one that tells which of them its replicas are in.
 */
@NullMarked
package io.milena.broker.controller;

import org.jspecify.annotations.NullMarked;
