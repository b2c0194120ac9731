/**
 * The active controller and the way to it. What it decides is {@code core/metadata}'s; here it meets requests, time and the metadata log. A broker that is alone decides for itself and needs
 * none of this.
 *
 * <p>Threads: one that the active controller looks at brokers' sessions on, one that keeps this broker registered.
 */
@NullMarked
package io.milena.broker.controller;

import org.jspecify.annotations.NullMarked;
