/** Unusual surroundings: user namespaces, a foreign /proc, little memory, little stack, no privilege. */
package privileged.platform;
