/**
 * The Java agent: drops in a program that does not know this library.
 *
 * <p>It uses the public API and the parsers of texts. Whatever goes wrong ends the JVM with one line on standard error.
 */
package nucleus.caps.agent;
