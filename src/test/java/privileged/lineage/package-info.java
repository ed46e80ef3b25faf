/** Short-lived threads that pass on what they hold while another thread drops everything. */
package privileged.lineage;
