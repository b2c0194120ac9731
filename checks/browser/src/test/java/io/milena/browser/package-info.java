/**
 * The console as a person uses it: a real Chromium, without a window, against a running broker.
 *
 * <p>{@link io.milena.browser.Browser} is started once, with one broker ({@link io.milena.browser.Served}), so each test gives what it makes names of its own, and one that makes very much has a broker of its own ({@link io.milena.browser.OwnBroker}), or an embedded one whose time it holds; each test has a {@link io.milena.browser.Visit}, a page of its own without history, in the one window. Whatever a
 * test looks at, its visit also fails if the page asked another address than the console's, or wrote an error to its log; and it leaves a picture of its last state under {@code target/screenshots}.
 *
 * <p>{@code README.md} says which test stands for which page and action.
 *
 * <p>Chromium is the system's; Playwright's driver and axe-core are npm packages in {@code driver}, which {@code ./milena test} installs.
 */
@NullMarked
package io.milena.browser;

import org.jspecify.annotations.NullMarked;
