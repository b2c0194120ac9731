/** What runs on the class path of an old client, as a program of its own. */
package io.milena.compatibility.old;
