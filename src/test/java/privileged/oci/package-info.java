/** OCI bundles, compared with runc and crun. */
package privileged.oci;
