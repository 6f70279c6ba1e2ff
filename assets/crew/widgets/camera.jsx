// The only home of the button that opens the camera, or the phone's pictures: files go to `onFiles`, and the same may be taken again.
const PICTURES = "image/*,.heic,.heif";

export function Camera({ onFiles, label, album = false, children, ...rest }) {
  const take = (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    if (files.length) onFiles?.(files);
  };
  return (
    <label {...rest}>
      {children}
      <input type="file" accept={PICTURES} capture={album ? undefined : "environment"} multiple aria-label={label} onChange={take} />
    </label>
  );
}
