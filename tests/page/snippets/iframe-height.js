// Makes the frame as high as the lab in it, without any library.
const lab = document.getElementById("lab");
addEventListener("message", (event) => {
  if (event.source !== lab.contentWindow || event.origin !== new URL(lab.src).origin) return;
  if (event.data.type === "soft-thinking-lab:height") lab.height = event.data.height;
});
