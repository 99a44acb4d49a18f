package api

import (
	_ "embed"
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed docs/docs.html
var docsHTML []byte

//go:embed docs/docs.css
var docsCSS []byte

//go:embed docs/docs.js
var docsJS []byte

// docsPage serves the page that makes the OpenAPI description readable. All of
// it is in the binary, so it works where there is no internet.
func docsPage(c *gin.Context) {
	c.Header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'")
	c.Data(http.StatusOK, "text/html; charset=utf-8", docsHTML)
}

func docsStyle(c *gin.Context) { c.Data(http.StatusOK, "text/css; charset=utf-8", docsCSS) }

func docsScript(c *gin.Context) { c.Data(http.StatusOK, "text/javascript; charset=utf-8", docsJS) }
