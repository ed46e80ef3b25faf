/** Child programs with less than the JVM holds, and the JVM that becomes another program. */
package privileged.launch;
